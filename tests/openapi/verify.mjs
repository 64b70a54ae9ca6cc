// Reads our OpenAPI document and says whether the specification's own schema accepts it; then breaks
// it in small ways, each of which has to be refused, so that a yes is worth something.
import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";

const text = readFileSync(0, "utf8");

async function verdict(document) {
  return new Validator().validate(document);
}

const breaks = {
  "a path without its slash": (d) => { d.paths["no-slash"] = d.paths["/livez"]; },
  "an operation without answers in a wrong place": (d) => { d.paths["/livez"].get.responses = []; },
  "a parameter without a name": (d) => { delete first(d, "parameters").parameters[0].name; },
  "a parameter in nowhere": (d) => { first(d, "parameters").parameters[0].in = "nowhere"; },
  "no title": (d) => { delete d.info.title; },
  "an unknown member": (d) => { d.unknown = 1; },
  "another version": (d) => { d.openapi = "3.9.9"; },
};

function first(document, member) {
  for (const path of Object.values(document.paths))
    for (const operation of Object.values(path)) if (operation[member]?.length) return operation;
  throw new Error(`no operation has ${member}`);
}

let passed = 0;
let failed = 0;
function count(good, what, errors) {
  good ? ++passed : ++failed;
  if (!good) console.log(`${what}: ${JSON.stringify(errors, null, 1)}`);
}

const document = JSON.parse(text);
const whole = await verdict(structuredClone(document));
count(whole.valid, "the document is refused", whole.errors);
count(document.openapi.startsWith("3.1."), "the version is not 3.1");
for (const [what, broken] of Object.entries(breaks)) {
  const copy = JSON.parse(text);
  broken(copy);
  count(!(await verdict(copy)).valid, `${what} is accepted`);
}

const names = new Set();
for (const path of Object.values(document.paths))
  for (const operation of Object.values(path)) {
    if (!operation.responses) continue;
    count(operation.operationId && !names.has(operation.operationId),
          `no operationId of its own: ${operation.summary}`);
    names.add(operation.operationId);
  }
console.log(`${Object.keys(document.paths).length} paths, ${names.size} operations`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
