-- The trace of the request that queued a job (W3C Trace Context), when that request was traced. The release before this one leaves it null.
ALTER TABLE jobs ADD COLUMN trace_parent text;
