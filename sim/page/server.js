// What the page asks of the simulator. Addresses are relative: it may lie below any path.

async function answer(response) {
  const body = await response.json();
  if (!response.ok) throw new Error(body.error);
  return body;
}

export const get = async (path) => answer(await fetch(path));

export const send = async (method, path, body = {}) =>
  answer(await fetch(path, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }));

export const ofAccount = (id, rest) => `control/accounts/${encodeURIComponent(id)}/${rest}`;

// base64 codes a file's bytes.
export async function base64(blob) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return btoa(text);
}
