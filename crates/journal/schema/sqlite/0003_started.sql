-- What was begun since some moment, and what came to an end without being all done, is found without looking at the rest.

create index run_partial on run (number) where state = 'partial';
create index event_started on event (at_ms) where event = 'started';
