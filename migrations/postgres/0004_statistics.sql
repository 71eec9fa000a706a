-- What belongs together in tickets, told to the planner: an open ticket of a team mostly has somebody,
-- so that team and person are no independent halves of a search. (SQLite's migration of this number
-- tells its planner how large a desk grows; PostgreSQL counts for itself.)

create statistics tickets_who (dependencies, mcv) on state, team_id, assignee_id from tickets;
create statistics tickets_what (dependencies, mcv) on state, stage, network from tickets;
