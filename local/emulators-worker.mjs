// A worker thread with the embedded emulators: DynamoDB (dynalite), SQS and SNS (fauxqs).
// A module of its own because fauxqs is ESM only, while Pulumi programs are CommonJS.
import { parentPort, workerData } from "node:worker_threads";
import dynalite from "dynalite";
import { buildApp } from "fauxqs";

const HOST = "127.0.0.1";

const dynamodb = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
await new Promise((resolve) => dynamodb.listen(0, HOST, resolve));

// Not startFauxqs(): that one listens on every network interface.
const messaging = buildApp({ logger: false, defaultRegion: workerData.region });
await messaging.listen({ port: 0, host: HOST });

parentPort.postMessage({
  dynamodb: dynamodb.address().port,
  messaging: messaging.server.address().port,
});
