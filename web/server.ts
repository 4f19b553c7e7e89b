/** Where the dev servers find the Go server; `make dev` sets it. */
export const goServer = process.env["MADOGUCHI_DEV_SERVER"] ?? "http://127.0.0.1:8080";
