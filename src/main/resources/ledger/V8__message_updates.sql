-- How many updates a message had when it was entered, and so which positions are its own; null in those from before.
alter table message add column updates bigint;
