import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { runDoctor } from "../../operations/doctor/doctor";
import { type Answer, startAnsweringAws } from "../support/answering-aws";
import { stackOutputs } from "../support/stack-outputs";

const directory = mkdtempSync(path.join(tmpdir(), "order-processing-doctor-"));
const file = path.join(directory, "outputs.json");
const env = { ...process.env };
afterEach(() => {
  process.env = { ...env };
});
afterAll(() => rmSync(directory, { recursive: true }));

/** `url`: where AWS is. */
function examine(url = "https://aws.example") {
  const queues = { queueUrl: `${url}/1/orders`, deadLetterQueueUrl: `${url}/1/dead-letters` };
  writeFileSync(file, JSON.stringify({ ...stackOutputs(), ...queues }));
  const names = { kind: "outputs" as const, file };
  return runDoctor({ json: false, clearHints: false, names }, new Date());
}

async function whereAwsAnswers(answer: Answer) {
  const aws = await startAnsweringAws(answer);
  Object.assign(process.env, aws.environment, { AWS_MAX_ATTEMPTS: "1" });
  try {
    return await examine(aws.environment.AWS_ENDPOINT_URL);
  } finally {
    await aws.stop();
  }
}

const refusal = (type: string, message: string): Answer => ({
  status: 400,
  body: { __type: type, message },
});

describe("the doctor cannot tell", () => {
  it("without a stack", async () => {
    const names = { kind: "outputs" as const, file: path.join(directory, "none") };
    expect(await runDoctor({ json: false, clearHints: false, names }, new Date())).toMatchObject({
      verdict: "cannot tell",
      text: expect.stringMatching(/^cannot tell: --outputs takes a file/),
      sections: [],
    });
  });

  it("without credentials", async () => {
    // No file, no metadata service of EC2: nowhere to find any.
    Object.assign(process.env, {
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_CONFIG_FILE: directory,
      AWS_SHARED_CREDENTIALS_FILE: directory,
    });
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"]) {
      Reflect.deleteProperty(process.env, name);
    }
    expect((await examine()).text).toMatch(
      /^cannot tell: there are no AWS credentials here: `aws configure sso`/,
    );
  });

  it("with credentials that have expired", async () => {
    const answer = refusal("com.amazonaws.sqs#ExpiredTokenException", "expired");
    const { text, sections } = await whereAwsAnswers(answer);
    expect(text).toMatch(/^cannot tell: the AWS credentials have expired: /);
    expect(sections).toEqual([]);
  });

  it("where it may not see orders and queue, and names all that it may not see", async () => {
    const { verdict, text, sections } = await whereAwsAnswers(
      refusal("com.amazonaws#AccessDeniedException", "you are not authorized"),
    );
    const why = "AccessDeniedException: you are not authorized";
    expect(verdict).toBe("cannot tell");
    expect(text).toBe(`cannot tell: cannot see open orders: ${why}`);
    const unseen = sections
      .flatMap(({ findings }) => findings)
      .filter(({ level }) => level === "unseen")
      .map((finding) => finding.text);
    const whats = ["alarms", "dead letters", "metrics", "the schedule", "the log of get-order"];
    expect(unseen).toEqual(
      expect.arrayContaining(whats.map((what) => `cannot see ${what}: ${why}`)),
    );
  });
});
