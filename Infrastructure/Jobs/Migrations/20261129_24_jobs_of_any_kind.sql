-- One index less to keep through the three states of a job: a list of all kinds puts the few kinds' ranges together.
DO $$
BEGIN
    FOR attempt IN 1..100 LOOP
        BEGIN
            SET LOCAL lock_timeout = '500ms';
            DROP INDEX jobs_of_state;
            SET LOCAL lock_timeout = 0;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.1 + random() * 0.4);
        END;
    END LOOP;
    RAISE lock_not_available USING MESSAGE = 'jobs is in use all the time: stop long transactions on it and migrate again';
END
$$;
