-- What was begun since some moment is found without looking at what was begun before it.

create index event_started on event (at_ms) where event = 'started';
