import { expect, test } from "vitest";
import type { Contact } from "../api/types.ts";
import { filled, valuesOf, variablesIn } from "./links.ts";

const contact = { id: 7, name: "山田 & Söhne", email: "", external_id: "A/1?x=#", fields: { plan: "gold", gone: " " } } as unknown as Contact;
const values = valuesOf(contact, 42);

test("values go in as one piece of the address", () => {
  expect(filled("https://crm.example/?q={{contact.external_id}}&n={{ ticket.number }}", values)).toBe("https://crm.example/?q=A%2F1%3Fx%3D%23&n=42");
  expect(filled("https://crm.example/{{contact.name}}/{{contact.fields.plan}}", values)).toBe("https://crm.example/%E5%B1%B1%E7%94%B0%20%26%20S%C3%B6hne/gold");
  expect(filled("https://crm.example/{{contact.fields.x}}", () => "$& $1 \ud800")).toBe("https://crm.example/%24%26%20%241%20%EF%BF%BD");
});

test("without a value there is no page to lead to", () => {
  for (const name of ["contact.email", "contact.phone", "contact.fields.gone", "contact.fields.none"]) expect(filled(`https://crm.example/{{contact.id}}?q={{${name}}}`, values)).toBeNull();
  expect(filled("https://crm.example/?n={{ticket.number}}", valuesOf(contact))).toBeNull();
});

test("nobody climbs out of a path, and nothing but https is opened", () => {
  for (const name of [".", "..", " .. "]) expect(filled("https://crm.example/people/{{contact.name}}", () => name)).toBeNull();
  expect(filled("javascript:alert(1)//{{contact.id}}", values)).toBeNull();
});

test("a link's variables", () => {
  expect(variablesIn("https://crm.example/{{contact.id}}?q={{ contact.name }}&r={{contact.id}}")).toEqual(["contact.id", "contact.name"]);
});
