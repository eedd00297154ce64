import { parseArgs } from "node:util";
import { machineOptions, readNetwork, runCommand } from "../cli/commandLine";
import { bench } from "./bench";
import { parseBenchOptions } from "./benchOptions";

const usage = `Usage: npm run bench [-- options]

  measures Glasshouse against other tools; see docs/benchmarks.md

  --rounds N              how often it measures (default: 3)
  --only ROWS             which rows, by the start of their names: chapter, scale-30, setup
  --peers NAMES           which tools: glasshouse,engine,compose,terraform,ansible
  --trace                 draws where the time goes, and measures nothing else
  --network internet|registries
                          instead of finding out what can be reached
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      ...machineOptions,
      rounds: { type: "string" },
      only: { type: "string" },
      peers: { type: "string" },
      trace: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const machine = {
    stack: values.stack,
    network: readNetwork(values.network),
    pulumiDownloads: values["pulumi-downloads"],
    adopt: false,
    policy: false,
    silence: false,
  };
  const { rounds, only, peers, trace } = values;
  await bench(machine, parseBenchOptions({ rounds, only, peers, trace }));
}

runCommand(main);
