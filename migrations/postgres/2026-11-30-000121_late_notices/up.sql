-- Who was told last that a promise of contact to somebody in danger was broken, and when: nobody is told of it more than
-- once in four working hours. recipient: "person" and the id of somebody on the rota.
CREATE TABLE late_notice (
    promise_id uuid NOT NULL,
    recipient text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (promise_id, recipient)
);
