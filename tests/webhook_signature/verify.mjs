// Verifies webhook requests, one JSON text a line on standard input, with the library of the standard:
// each as it is, with every secret that signed it, and each changed in every way that has to be refused.
import { readFileSync } from "node:fs";
import { Webhook, WebhookVerificationError } from "standardwebhooks";

const other_secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

function accepted({ body, headers }, secret) {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
}

function with_header(request, name, change) {
  return { ...request, headers: { ...request.headers, [name]: change(request.headers[name]) } };
}

const tamperings = {
  "a byte added to the body": (request) => ({ ...request, body: request.body + " " }),
  "a byte of the body changed": (request) => ({
    ...request,
    body: request.body.replace('"number"', '"Number"'),
  }),
  "another id": (request) => with_header(request, "webhook-id", (id) => id + "0"),
  "another second": (request) =>
    with_header(request, "webhook-timestamp", (second) => String(Number(second) + 1)),
  "an hour old": (request) =>
    with_header(request, "webhook-timestamp", (second) => String(Number(second) - 3600)),
  "another signature": (request) =>
    with_header(request, "webhook-signature", (all) =>
      all.replace(/v1,(.)/g, (_, first) => "v1," + (first === "A" ? "B" : "A")),
    ),
  "another scheme": (request) =>
    with_header(request, "webhook-signature", (all) => all.replaceAll("v1,", "v2,")),
};

let passed = 0;
let failed = 0;
function check(holds, what) {
  if (holds) {
    passed += 1;
  } else {
    failed += 1;
    console.log(`failed: ${what}`);
  }
}

const lines = readFileSync(0, "utf8").split("\n").filter(Boolean);
for (const [index, line] of lines.entries()) {
  const request = JSON.parse(line);
  for (const secret of request.secrets) {
    check(accepted(request, secret), `request ${index} is accepted`);
    for (const [what, tampered] of Object.entries(tamperings))
      check(!accepted(tampered(request), secret), `request ${index} with ${what} is refused`);
  }
  check(!accepted(request, other_secret), `request ${index} is refused with a secret of others`);
}

console.log(`${lines.length} requests`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
