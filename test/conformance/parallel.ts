/** Replays recordings in several processes, each with a chain of its own. */
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { hardhatChain } from "./chain";
import { readRecording, type Recording } from "./recording";
import { isInScope, replay, worlds, type ReplayResult, type Traced } from "./replay";

const MOST_PROCESSES = 4;

export interface Report extends ReplayResult {
  file: string;
}

interface Order {
  files: string[];
  shift: number;
  traced: Traced;
}

/** Replays `files` and reports each as soon as it is done. Recordings out of scope have to be left out. */
export async function replayAll(
  files: string[],
  shift: number,
  report: (done: Report) => void,
  traced: Traced = [],
): Promise<void> {
  // Recordings with the same delays share a world, so neighbours go to the same process.
  const sorted = files.map(readRecording).filter(isInScope).sort(byDelays);
  const processes = Math.min(MOST_PROCESSES, availableParallelism(), sorted.length);
  const size = Math.ceil(sorted.length / processes);
  const orders = Array.from({ length: processes }, (_, i) => sorted.slice(i * size, (i + 1) * size));
  await Promise.all(
    orders.map((order) => runOrder({ files: order.map((recording) => recording.file), shift, traced }, report)),
  );
}

function byDelays(a: Recording, b: Recording): number {
  const key = (recording: Recording): string => JSON.stringify(recording.header.config);
  return key(a).localeCompare(key(b));
}

function runOrder(order: Order, report: (done: Report) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(__filename, [], { execArgv: ["-r", "ts-node/register/transpile-only"] });
    let open = order.files.length;
    child.on("message", (message) => {
      report(message as Report);
      --open;
    });
    child.on("error", reject);
    child.on("exit", (code) => {
      if (open === 0) resolve();
      else reject(new Error(`a replaying process ended with code ${code} and ${open} recordings undone`));
    });
    child.send(order);
  });
}

async function serve({ files, shift, traced }: Order): Promise<void> {
  const chain = hardhatChain();
  const from = worlds(chain, shift);
  for (const file of files) {
    const report: Report = { file, ...(await replay(chain, from, readRecording(file), traced)) };
    process.send?.(report);
  }
}

if (require.main === module) {
  process.once("message", (order) => {
    serve(order as Order)
      .catch((error: unknown) => {
        console.error(error);
        process.exitCode = 1;
      })
      .finally(() => process.disconnect());
  });
}
