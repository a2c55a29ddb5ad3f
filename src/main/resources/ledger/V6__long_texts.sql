-- The long texts of dead letters, each kept once however many letters have it: a mail may say the same of 500 tickets.
-- In the letter's column stands the hash.

create table long_text (
    hash    text primary key, -- "sha256:" and the hash of the content in Base64
    content text not null
);
