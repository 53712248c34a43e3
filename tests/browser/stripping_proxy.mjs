// Stands between browser and server and takes away what old iPhones do not send: every Sec-Fetch-* header. `Origin`
// stays, as it does there.

import { createServer, request } from "node:http";

/** Opens the proxy on a free port. `seen` says what reached the server. */
export async function strippingProxy(base) {
  const target = new URL(base);
  const seen = { removed: 0, passedOn: 0, postsWithOrigin: 0, postsWithout: 0 };
  const server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers };
    for (const name of Object.keys(headers).filter((name) => name.startsWith("sec-fetch-"))) {
      delete headers[name];
      seen.removed += 1;
    }
    if (incoming.method === "POST") seen[headers.origin ? "postsWithOrigin" : "postsWithout"] += 1;
    const onward = request(
      { host: target.hostname, port: target.port, method: incoming.method, path: incoming.url, headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode, answer.headers);
        answer.pipe(outgoing);
      },
    );
    seen.passedOn += Object.keys(onward.getHeaders()).filter((name) => name.startsWith("sec-fetch-")).length;
    onward.on("error", (error) => outgoing.destroy(error));
    incoming.pipe(onward);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    base: `http://127.0.0.1:${server.address().port}`,
    seen,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
