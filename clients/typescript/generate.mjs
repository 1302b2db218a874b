// Writes src/generated/ from openapi.json: the types of every operation, and how each is sent.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const source = new URL("../../openapi.json", import.meta.url);
const target = new URL("src/generated/", import.meta.url);
const document = JSON.parse(await readFile(source, "utf8"));

const types = await openapiTS(document, {
  // A member with a default may be left out all the same.
  defaultNonNullable: false,
  // `Market` beside `components["schemas"]["Market"]`.
  rootTypes: true,
  rootTypesNoSchemaPrefix: true,
});

const routes = {};
for (const [path, item] of Object.entries(document.paths)) {
  for (const [method, operation] of Object.entries(item)) {
    const { operationId, requestBody, parameters = [] } = operation;
    const [mediaType] = Object.keys(requestBody?.content ?? {});
    routes[operationId[0].toLowerCase() + operationId.slice(1)] = {
      method: method.toUpperCase(),
      path,
      ...(mediaType ? { mediaType } : {}),
      ...(parameters.some(({ $ref }) => $ref?.endsWith("/Idempotency-Key")) ? { takesKey: true } : {}),
    };
  }
}

const warning = "// Made by generate.mjs from openapi.json; changes are overwritten.\n";
await mkdir(target, { recursive: true });
await writeFile(new URL("schema.ts", target), warning + astToString(types));
await writeFile(
  new URL("routes.ts", target),
  `${warning}export const routes = ${JSON.stringify(routes, null, 2)} as const;\n`,
);
