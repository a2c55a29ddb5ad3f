-- The file in the inbox that the import was read from, and when that was last changed: "PATH TIME". Null for any other
-- import, and once the file was moved: a finished import with one was killed before it moved its file.

alter table import add column inbox_file text;
