-- What is open is found without looking at what has ended, however much that is.

drop index run_open;
create index run_running on run (number) where state = 'running';
create index step_parked on step (run) where state = 'parked';
create index step_open on step (run) where state in ('waiting', 'deferred', 'started', 'unsure');
