-- Whom changes concern, by platform and kind. A person counts in a window when the last change of the kind was begun in it.

alter table step add column brakes text not null default '';

create table concern (
    provider text    not null,
    brake    text    not null,
    person   text    not null references person (id),
    last_ms  integer not null,
    primary key (provider, brake, person)
) strict, without rowid;
create index concern_since on concern (provider, brake, last_ms);
