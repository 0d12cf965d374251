-- What the student makes of a rationale has one figure more.
DROP TABLE measures;
CREATE TABLE student_measures (
  key TEXT PRIMARY KEY,
  answer_logp DOUBLE PRECISION NOT NULL,
  work_logp DOUBLE PRECISION NOT NULL,
  rank_surprisal DOUBLE PRECISION NOT NULL,
  tokens INTEGER NOT NULL,
  fits BOOLEAN NOT NULL
);
