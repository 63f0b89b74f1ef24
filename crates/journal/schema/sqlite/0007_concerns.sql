-- Whom a step concerns, where that is not the one whom its run is about: a run about a thing may concern many or nobody.

create table step_concern (
    run    integer not null,
    seq    integer not null,
    person text    not null references person (id),
    primary key (run, seq, person),
    foreign key (run, seq) references step (run, seq)
) strict, without rowid;
