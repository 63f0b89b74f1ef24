-- One command about many people: a batch, and in it a part for each of them. What a part approves begins as a run of its own.

create table batch (
    number     integer not null primary key,
    id         text    not null unique,
    flow       text    not null,
    label      text    not null,
    actor      text    not null,
    reason     text,
    intent     text    not null,
    plan_hash  text    not null,
    state      text    not null,
    owner      text    not null,
    started_ms integer not null,
    ended_ms   integer
) strict;
create index batch_open on batch (number) where state in ('running', 'partial');

create table part (
    batch  integer not null references batch (number),
    number integer not null,
    line   integer,
    label  text    not null,
    person text    references person (id),
    state  text    not null,
    brakes text    not null default '',
    body   text    not null,
    primary key (batch, number)
) strict;
create index part_waiting on part (batch, number) where state = 'waiting';

alter table run add column batch integer references batch (number);
alter table run add column part integer;
create unique index run_of_part on run (batch, part) where batch is not null;

-- How many people there were on a platform when all were last read.
create table head_count (
    provider text    not null,
    tenant   text    not null,
    people   integer not null,
    at_ms    integer not null,
    primary key (provider, tenant)
) strict;

-- How many lines the last file of a name had that was accepted.
create table file (
    name  text    not null primary key,
    lines integer not null,
    at_ms integer not null
) strict;
