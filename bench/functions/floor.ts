import { clientConfig } from "../../handlers/aws/clients";
import { bundle } from "../../infra/bundle";
import type { RecordedCall } from "./record";
import type { DeployedFunction } from "./subject";

type Service = "dynamodb" | "sqs" | "sns";

const CLIENTS = {
  dynamodb: { module: "@aws-sdk/client-dynamodb", client: "DynamoDBClient" },
  sqs: { module: "@aws-sdk/client-sqs", client: "SQSClient" },
  sns: { module: "@aws-sdk/client-sns", client: "SNSClient" },
};

/**
 * A function that makes the same calls with the same inputs, one after the other, and nothing else: with the
 * SDK that the checkout has, bundled as its functions are, and clients that are configured as theirs.
 */
export async function floorOf(
  subject: DeployedFunction,
  calls: RecordedCall[],
  directory: string,
): Promise<DeployedFunction> {
  const services = [...new Set(calls.map(({ service }) => known(service)))];
  const config = JSON.stringify(clientConfig(subject.timeoutSeconds));
  const source = [
    ...services.map((service) => {
      const { module, client } = CLIENTS[service];
      return `const ${service}SDK = require("${module}");
        const ${service} = new ${service}SDK.${client}(${config});`;
    }),
    "exports.handler = async () => {",
    ...calls.map(({ service, action, fields }) => {
      const input = JSON.stringify(service === "sns" ? publishInput(fields) : fields);
      return `await ${service}.send(new ${service}SDK.${action}Command(${input}));`;
    }),
    "};",
  ].join("\n");
  const files = { "__index.js": await bundle(source, directory) };
  return { ...subject, files, handler: "__index.handler" };
}

function known(service: RecordedCall["service"]): Service {
  if (service in CLIENTS) return service as Service;
  throw new Error(`the floor has no client of ${service}`);
}

/** SNS speaks AWS's query protocol: a form, whose lists are numbered from 1. */
function publishInput(form: RecordedCall["fields"]): object {
  const attributes: Record<string, object> = {};
  for (let n = 1; `MessageAttributes.entry.${n}.Name` in form; n += 1) {
    const entry = (key: string) => form[`MessageAttributes.entry.${n}.${key}`];
    attributes[String(entry("Name"))] = {
      DataType: entry("Value.DataType"),
      StringValue: entry("Value.StringValue"),
    };
  }
  const { TopicArn, Subject, Message, MessageStructure } = form;
  return { TopicArn, Subject, Message, MessageStructure, MessageAttributes: attributes };
}
