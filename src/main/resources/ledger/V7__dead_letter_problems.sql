-- The reasons that stay with a letter until it is edited, as the errors are: JSON object, field to list of messages.
alter table dead_letter add column problems text;

-- Of letters from before: all reasons of those that were refused here and not edited since, but for one that was said
-- of letters that came too late.
update dead_letter set problems = errors
    where outcome = 'invalid' and changed_by is null and state in ('open', 'requested')
    and errors not like '%a later update has set it since%';
