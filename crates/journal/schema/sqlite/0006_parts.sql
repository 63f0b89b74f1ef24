-- How the people of a batch stand is counted without reading what was approved for each.

create index part_state on part (batch, state, number);
