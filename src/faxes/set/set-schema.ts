/** The `user_version` of a set that is complete. A set without it is new, or its rebuilding was interrupted. */
export const SET_VERSION = 1;

/**
 * `messages`: one row for each fax that was ever listed. `record` and `attachments` are what RingCentral said, the record
 * only until the fax is done. `pass` is the pass over the mailbox that showed the fax last. `documents`: what is on disk.
 */
export const setSchema = `
  create table if not exists lines (
    account text not null, extension text not null, external_ref text not null,
    last_complete_at text, last_run_at text, fill integer,
    primary key (account, extension)
  ) strict, without rowid;
  create table if not exists messages (
    account text not null, extension text not null, message text not null,
    external_ref text not null, created_at text not null, first_listed_at text not null,
    availability text not null, attachments text not null, record text,
    verdict text not null, since text not null, gone_since text, reason text, pass integer not null,
    primary key (account, extension, message)
  ) strict, without rowid;
  create index if not exists messages_unfinished on messages (account, extension, created_at, message)
    where verdict <> 'done' and verdict <> 'lost';
  create index if not exists messages_not_done on messages (account, extension, verdict) where verdict <> 'done';
  create index if not exists messages_created on messages (account, extension, created_at);
  create table if not exists documents (
    account text not null, extension text not null, message text not null, attachment text not null,
    path text not null, size integer not null, sha256 text not null, done_at text not null,
    primary key (account, extension, message, attachment)
  ) strict, without rowid;
  create table if not exists gaps (
    account text not null, extension text not null, from_at text not null, to_at text not null, since text not null,
    primary key (account, extension, from_at)
  ) strict, without rowid;
  create table if not exists fills (
    account text not null, extension text not null, at text not null, messages integer not null,
    primary key (account, extension, at)
  ) strict, without rowid;
  create table if not exists passes (last integer not null) strict;
  insert into passes select 0 where not exists (select 1 from passes);
`;
