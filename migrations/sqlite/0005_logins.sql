-- Logins that age: until when one is good, as far as its network says, and when it is to be renewed.

alter table channels add column login_until integer;
alter table channels add column renew_at integer;
