-- Who was told last that a promise of contact to somebody in danger was broken, and when: nobody is told of it more than
-- once in four working hours. recipient: "person" and the id of somebody on the rota.
CREATE TABLE late_notice (
    promise_id BLOB NOT NULL,
    recipient TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (promise_id, recipient)
) STRICT, WITHOUT ROWID;
