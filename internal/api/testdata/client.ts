// A client of the interface, as another program would write it over the types that
// are generated from the document. The test compiles it; it is not run.
import type { components, paths } from "./document";

declare function fetch(
  address: string,
  request: { method: string; headers: Record<string, string>; body?: string },
): Promise<{ ok: boolean; json(): Promise<unknown> }>;

type Task = components["schemas"]["TaskWhole"];
type NewReport = paths["/tasks/{task}/reports"]["post"]["requestBody"]["content"]["application/json"];
type Receipt = paths["/tasks/{task}/reports"]["post"]["responses"]["201"]["content"]["application/json"];
type Problem = paths["/tasks/{task}"]["get"]["responses"]["404"]["content"]["application/problem+json"];
type Events = paths["/events"]["get"]["responses"]["200"]["content"]["application/json"];

type Letter = components["schemas"]["LetterWhole"];
type Signing = paths["/letters/{letter}/signature"]["post"]["requestBody"]["content"]["application/json"];
type Draft = paths["/memorandums/{memorandum}/draft"]["put"]["requestBody"]["content"]["application/json"];
type Proposed = paths["/memorandums/{memorandum}/versions"]["post"]["responses"]["201"];

export class Client {
  constructor(private readonly base: string, private readonly token: string) {}

  private async ask<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const answer = await fetch(this.base + path, {
      method,
      headers: { Authorization: "Bearer " + this.token, "Content-Type": "application/json", ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!answer.ok) {
      const problem = (await answer.json()) as Problem;
      throw new Error(problem.code + ": " + problem.detail);
    }
    return (await answer.json()) as T;
  }

  task(id: string): Promise<Task> {
    return this.ask("GET", "/tasks/" + encodeURIComponent(id));
  }

  report(task: string, report: NewReport, key: string): Promise<Receipt> {
    return this.ask("POST", "/tasks/" + encodeURIComponent(task) + "/reports", report, { "Idempotency-Key": key });
  }

  letter(id: string): Promise<Letter> {
    return this.ask("GET", "/letters/" + encodeURIComponent(id));
  }

  sign(letter: string, signing: Signing, key: string): Promise<Receipt> {
    return this.ask("POST", "/letters/" + encodeURIComponent(letter) + "/signature", signing, { "Idempotency-Key": key });
  }

  saveDraft(memorandum: string, draft: Draft, version: string): Promise<Receipt> {
    return this.ask("PUT", "/memorandums/" + encodeURIComponent(memorandum) + "/draft", draft, { "If-Match": version });
  }

  events(after: number): Promise<Events> {
    return this.ask("GET", "/events?after=" + after);
  }
}

// @ts-expect-error a decimal is text: a program that reads it as a number must not compile
export const wrong: number = ({} as Task).figures.verified;

// Where a version that was proposed is read, and the version of a changed record.
export const location = (answer: Proposed): string | undefined => answer.headers.Location;
export const version = (answer: paths["/memorandums/{memorandum}/draft"]["put"]["responses"]["200"]): string | undefined => answer.headers.ETag;

// @ts-expect-error a way to sign that there is not
export const unknown: Signing = { shown: "", method: "seal", day: "2010-06-07" };

export async function example(client: Client): Promise<string> {
  const task = await client.task("0190");
  const verified: string = task.figures.verified;
  const why: string[] = task.light.why.map((reason) => reason.code + reason.text);
  const receipt = await client.report(task.id, { period: "2010-05", kind: "value", value: verified }, "a-key-of-its-own");
  const events = await client.events(-1);
  const letter = await client.letter("0191");
  await client.sign(letter.id, { shown: letter.digest, method: "sm2", day: "2010-06-07" }, "another-key");
  await client.saveDraft("0192", { base: 0, text: { title: "备忘录", kind: "合作备忘录", parties: [], clauses: [{ no: "第一条", text: "…" }] } }, '"0"');
  return receipt.number + why.join() + events.items.map((event) => event.action).join() + events.next;
}
