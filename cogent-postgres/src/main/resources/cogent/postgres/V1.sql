-- One schema a run. The first seven tables are those of run.db; their comments stand where SQLite's are made.
CREATE TABLE calls (
  key TEXT PRIMARY KEY,
  agent TEXT NOT NULL,
  asked_model TEXT NOT NULL,
  sample BIGINT NOT NULL,
  prompt_chars BIGINT NOT NULL,
  prompt_head TEXT NOT NULL,
  model TEXT NOT NULL,
  text TEXT NOT NULL,
  reasoning TEXT NOT NULL,
  finish TEXT NOT NULL,
  prompt_tokens BIGINT NOT NULL,
  completion_tokens BIGINT NOT NULL,
  reasoning_tokens BIGINT NOT NULL,
  cost DOUBLE PRECISION NOT NULL,
  answered_at TEXT NOT NULL,
  millis BIGINT NOT NULL
);

CREATE TABLE unanswered (
  id BIGINT PRIMARY KEY,
  key TEXT NOT NULL,
  agent TEXT NOT NULL,
  asked_model TEXT NOT NULL,
  most_tokens BIGINT NOT NULL,
  most_cost DOUBLE PRECISION NOT NULL,
  sent_at TEXT NOT NULL,
  why TEXT NOT NULL,
  worker TEXT NOT NULL DEFAULT current_setting('cogent.worker')
);
CREATE INDEX unanswered_by_key ON unanswered (key) WHERE why = '';

CREATE TABLE batched (
  key TEXT PRIMARY KEY,
  agent TEXT NOT NULL,
  asked_model TEXT NOT NULL,
  sample BIGINT NOT NULL,
  prompt_chars BIGINT NOT NULL,
  prompt_head TEXT NOT NULL,
  price_in DOUBLE PRECISION NOT NULL,
  price_out DOUBLE PRECISION NOT NULL,
  most_tokens BIGINT NOT NULL,
  most_cost DOUBLE PRECISION NOT NULL,
  wave INTEGER NOT NULL,
  file TEXT NOT NULL,
  out INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  status INTEGER NOT NULL,
  error TEXT NOT NULL,
  result TEXT NOT NULL
);

CREATE TABLE waves (number INTEGER PRIMARY KEY);

CREATE TABLE unbounded (
  key TEXT PRIMARY KEY,
  call TEXT NOT NULL
);

CREATE TABLE samples (
  position BIGINT PRIMARY KEY,
  id TEXT NOT NULL,
  key TEXT NOT NULL,
  state TEXT NOT NULL,
  label TEXT,
  rounds INTEGER NOT NULL,
  kept BOOLEAN NOT NULL,
  reason TEXT NOT NULL,
  story TEXT NOT NULL
);
CREATE INDEX samples_again ON samples (state) WHERE key = '';
CREATE INDEX samples_unfinished ON samples (position) WHERE state <> 'done';
CREATE INDEX samples_by_id ON samples (id);
CREATE INDEX samples_by_group ON samples (label, kept, reason, rounds);

CREATE TABLE measures (
  key TEXT PRIMARY KEY,
  answer_logp DOUBLE PRECISION NOT NULL,
  work_logp DOUBLE PRECISION NOT NULL,
  tokens INTEGER NOT NULL,
  fits BOOLEAN NOT NULL
);

-- The processes. Alive is who was heard of for the length of a lease. "since" begins anew after a silence: who has not heard
-- the store for so long itself cannot tell whether another is dead or was as deaf, and takes nothing over yet.
CREATE TABLE workers (
  id TEXT PRIMARY KEY,
  settings TEXT NOT NULL DEFAULT '',
  since TIMESTAMPTZ NOT NULL,
  expires TIMESTAMPTZ NOT NULL
);

-- A worker's id is used once and so is the fence: what a worker writes is written only while the row names it.
CREATE TABLE leases (name TEXT PRIMARY KEY, worker TEXT NOT NULL);
CREATE INDEX leases_by_worker ON leases (worker);

-- What was answered, a row for each worker so that none waits for another's commit.
CREATE TABLE spending (
  worker TEXT PRIMARY KEY,
  calls BIGINT NOT NULL,
  tokens BIGINT NOT NULL,
  cost DOUBLE PRECISION NOT NULL
);

-- The token buckets of cogent.llm.resilience.TokenBucket, and when the endpoint will be asked again.
CREATE TABLE endpoints (
  name TEXT PRIMARY KEY,
  requests DOUBLE PRECISION NOT NULL,
  tokens DOUBLE PRECISION NOT NULL,
  filled TIMESTAMPTZ NOT NULL,
  opens_at TIMESTAMPTZ NOT NULL
);

-- Calls in flight; allowed is what the worker's own back-off would have of all together.
CREATE TABLE shares (
  endpoint TEXT NOT NULL,
  worker TEXT NOT NULL,
  in_flight INTEGER NOT NULL,
  allowed INTEGER NOT NULL,
  PRIMARY KEY (endpoint, worker)
);

CREATE FUNCTION lease_length() RETURNS INTERVAL LANGUAGE sql STABLE AS $$ SELECT INTERVAL '15 seconds' $$;

CREATE FUNCTION alive(who TEXT) RETURNS BOOLEAN LANGUAGE sql VOLATILE AS $$
  SELECT EXISTS (SELECT 1 FROM workers WHERE id = who AND expires > clock_timestamp())
$$;

CREATE FUNCTION may_take_over(me TEXT) RETURNS BOOLEAN LANGUAGE sql VOLATILE AS $$
  SELECT EXISTS (SELECT 1 FROM workers
    WHERE id = me AND expires > clock_timestamp() AND since < clock_timestamp() - lease_length())
$$;

CREATE FUNCTION heartbeat(me TEXT) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  INSERT INTO workers (id, since, expires) VALUES (me, clock_timestamp(), clock_timestamp() + lease_length())
    ON CONFLICT (id) DO UPDATE SET expires = excluded.expires,
      since = CASE WHEN workers.expires < clock_timestamp() THEN excluded.since ELSE workers.since END;
  UPDATE unanswered SET why = 'the process ended before the reply came' WHERE why = '' AND NOT alive(worker);
END $$;

CREATE FUNCTION take(me TEXT, names TEXT[]) RETURNS SETOF TEXT LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  RETURN QUERY INSERT INTO leases AS l (name, worker) SELECT n, me FROM unnest(names) AS n ORDER BY n
    ON CONFLICT (name) DO UPDATE SET worker = excluded.worker
      WHERE l.worker = excluded.worker OR (NOT alive(l.worker) AND may_take_over(excluded.worker))
    RETURNING l.name;
END $$;

CREATE FUNCTION leave_all(me TEXT) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM leases WHERE worker = me;
  DELETE FROM shares WHERE worker = me;
  DELETE FROM workers WHERE id = me;
  UPDATE unanswered SET why = 'the run ended before the reply came' WHERE why = '' AND worker = me;
END $$;

CREATE FUNCTION spend() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO spending VALUES
      (current_setting('cogent.worker'), 1, NEW.prompt_tokens + NEW.completion_tokens, NEW.cost)
    ON CONFLICT (worker) DO UPDATE SET calls = spending.calls + excluded.calls,
      tokens = spending.tokens + excluded.tokens, cost = spending.cost + excluded.cost;
  RETURN NULL;
END $$;
CREATE TRIGGER spend AFTER INSERT ON calls FOR EACH ROW EXECUTE FUNCTION spend();

-- One at a time, until the transaction that enters the call is through; an unlimited budget asks nobody.
CREATE FUNCTION room(
    most_tokens BIGINT, most_cost DOUBLE PRECISION,
    calls_limit BIGINT, tokens_limit BIGINT, cost_limit DOUBLE PRECISION,
    OUT free BOOLEAN, OUT in_flight BOOLEAN, OUT calls BIGINT, OUT tokens BIGINT, OUT cost DOUBLE PRECISION)
  LANGUAGE plpgsql AS $$
DECLARE
  most CONSTANT BIGINT := 9223372036854775807;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  free := true;
  in_flight := false;
  IF calls_limit = most AND tokens_limit = most AND cost_limit = 'Infinity' THEN
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext(current_schema() || ' budget'));
  SELECT coalesce(sum(s.calls), 0), coalesce(sum(s.tokens), 0), coalesce(sum(s.cost), 0) INTO calls, tokens, cost FROM (
    SELECT p.calls, p.tokens, p.cost FROM spending AS p
    UNION ALL SELECT 1, u.most_tokens, u.most_cost FROM unanswered AS u) AS s;
  free := calls < calls_limit AND tokens <= tokens_limit - most_tokens AND cost + most_cost <= cost_limit;
  in_flight := NOT free AND EXISTS (SELECT 1 FROM unanswered AS u WHERE u.why = '' AND alive(u.worker));
END $$;

-- Seconds to wait; 0 when the call is in.
CREATE FUNCTION enter(
    me TEXT, endpoint_name TEXT, mine INTEGER, mine_allowed INTEGER, estimate BIGINT,
    concurrency INTEGER, requests_per_minute DOUBLE PRECISION, tokens_per_minute DOUBLE PRECISION)
  RETURNS DOUBLE PRECISION LANGUAGE plpgsql AS $$
DECLARE
  e endpoints;
  now TIMESTAMPTZ;
  passed DOUBLE PRECISION;
  wait DOUBLE PRECISION;
  others INTEGER;
  lowest INTEGER;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  SELECT * INTO e FROM endpoints WHERE name = endpoint_name FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO endpoints VALUES (endpoint_name, requests_per_minute / 60, tokens_per_minute / 60, clock_timestamp(), 'epoch')
      ON CONFLICT (name) DO NOTHING;
    SELECT * INTO e FROM endpoints WHERE name = endpoint_name FOR UPDATE;
  END IF;
  now := clock_timestamp();
  passed := extract(EPOCH FROM now - e.filled);
  e.requests := least(requests_per_minute / 60, e.requests + passed * requests_per_minute / 60);
  e.tokens := least(tokens_per_minute / 60, e.tokens + passed * tokens_per_minute / 60);
  wait := extract(EPOCH FROM e.opens_at - now);
  IF requests_per_minute > 0 AND e.requests <= 0 THEN
    wait := greatest(wait, 0.001 - e.requests * 60 / requests_per_minute);
  END IF;
  IF tokens_per_minute > 0 AND e.tokens <= 0 THEN
    wait := greatest(wait, 0.001 - e.tokens * 60 / tokens_per_minute);
  END IF;
  IF wait > 0 THEN
    RETURN wait;
  END IF;
  SELECT coalesce(sum(s.in_flight), 0), min(s.allowed) INTO others, lowest FROM shares AS s
    WHERE s.endpoint = endpoint_name AND s.worker <> me AND s.in_flight > 0 AND alive(s.worker);
  IF others + mine >= least(concurrency, mine_allowed, lowest) THEN
    RETURN 0.01;
  END IF;
  INSERT INTO shares VALUES (endpoint_name, me, mine + 1, mine_allowed)
    ON CONFLICT (endpoint, worker) DO UPDATE SET in_flight = excluded.in_flight, allowed = excluded.allowed;
  UPDATE endpoints SET requests = e.requests - 1, tokens = e.tokens - estimate, filled = now WHERE name = endpoint_name;
  RETURN 0;
END $$;

CREATE FUNCTION leave(me TEXT, endpoint_name TEXT, mine INTEGER, used BIGINT) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  UPDATE shares SET in_flight = mine WHERE endpoint = endpoint_name AND worker = me;
  IF used <> 0 THEN
    UPDATE endpoints SET tokens = tokens - used WHERE name = endpoint_name;
  END IF;
END $$;

CREATE FUNCTION pause(endpoint_name TEXT, seconds DOUBLE PRECISION) RETURNS VOID LANGUAGE sql AS $$
  UPDATE endpoints SET opens_at = greatest(opens_at, clock_timestamp() + seconds * INTERVAL '1 second')
    WHERE name = endpoint_name
$$;
