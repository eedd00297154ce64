import { createAccessLog } from "./accessLog.js";
import { readSettings } from "./settings.js";

// `docker stop` kills after 10 s; requests that are under way get most of that time.
const shutdownTimeoutMilliseconds = 8_000;

const { port, ...settings } = readSettingsOrExit();
const server = createAccessLog(settings);

server.listen(port, () => console.error(`access-log listens on port ${port}`));

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => {
    console.error("access-log shuts down");
    // Closes idle connections at once and the others after their answer.
    server.close(() => process.exit());
    setTimeout(() => server.closeAllConnections(), shutdownTimeoutMilliseconds).unref();
  });
}

/** A wrong setting is the user's to mend: the message alone, without a stack trace. */
function readSettingsOrExit() {
  try {
    return readSettings(process.env);
  } catch (error) {
    console.error(error.message);
    return process.exit(1);
  }
}
