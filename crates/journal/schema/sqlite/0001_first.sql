-- Times are milliseconds since the Unix epoch. JSON is text. Words of states and events are those of kadry-core.

create table owner (
    id        text    not null primary key,
    pid       integer not null,
    opened_ms integer not null
) strict;

create table person (
    id      text    not null primary key,
    made_ms integer not null
) strict;

create table alias (
    name   text not null,
    value  text not null,
    person text not null references person (id),
    primary key (name, value)
) strict;
create index alias_of_person on alias (person);

create table tenant (
    provider text not null primary key,
    tenant   text not null
) strict;

create table link (
    person   text    not null references person (id),
    provider text    not null,
    tenant   text    not null,
    remote   text    not null,
    who      text    not null,
    seen_ms  integer not null,
    primary key (person, provider),
    unique (provider, tenant, remote)
) strict;

create table claim (
    person   text not null references person (id),
    provider text not null,
    owner    text not null references owner (id) on delete cascade,
    primary key (person, provider)
) strict;
create index claim_of_owner on claim (owner);

create table run (
    number        integer not null primary key,
    id            text    not null unique,
    flow          text    not null,
    person        text    not null references person (id),
    label         text    not null,
    actor         text    not null,
    reason        text,
    intent        text    not null,
    plan_hash     text    not null,
    state         text    not null,
    started_ms    integer not null,
    ended_ms      integer,
    ending        text,
    superseded_by text references run (id)
) strict;
create index run_of_person on run (person, number);
create index run_open on run (number) where state in ('running', 'partial');

create table step (
    run      integer not null references run (number),
    seq      integer not null,
    provider text    not null,
    action   text    not null,
    state    text    not null,
    body     text    not null,
    primary key (run, seq)
) strict, without rowid;

create table event (
    run    integer not null,
    number integer not null,
    seq    integer not null,
    at_ms  integer not null,
    event  text    not null,
    kind   text,
    note   text    not null,
    primary key (run, number),
    foreign key (run, seq) references step (run, seq)
) strict, without rowid;
