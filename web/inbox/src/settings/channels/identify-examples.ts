/** Code that signs a visitor in; identifiers are the customer's own. */
export const examples = {
  node: {
    name: "Node.js",
    code: `import jwt from "jsonwebtoken";

const token = jwt.sign(
  { sub: String(user.id), name: user.name, email: user.email },
  process.env.MADOGUCHI_IDENTIFY_SECRET,
  { algorithm: "HS256", expiresIn: "1h" },
);`,
  },
  php: {
    name: "PHP",
    code: `use Firebase\\JWT\\JWT;

$token = JWT::encode([
  'sub' => (string) $user->id, 'name' => $user->name, 'email' => $user->email,
  'exp' => time() + 3600,
], getenv('MADOGUCHI_IDENTIFY_SECRET'), 'HS256');`,
  },
  python: {
    name: "Python",
    code: `import jwt, os, time

token = jwt.encode(
    {"sub": str(user.id), "name": user.name, "email": user.email, "exp": int(time.time()) + 3600},
    os.environ["MADOGUCHI_IDENTIFY_SECRET"], algorithm="HS256")`,
  },
  ruby: {
    name: "Ruby",
    code: `require "jwt"

token = JWT.encode(
  { sub: user.id.to_s, name: user.name, email: user.email, exp: Time.now.to_i + 3600 },
  ENV.fetch("MADOGUCHI_IDENTIFY_SECRET"), "HS256")`,
  },
} as const;

export type Example = keyof typeof examples;

export const hostPageExample = `<script>
  window.Madoguchi = window.Madoguchi || function () { (Madoguchi.q = Madoguchi.q || []).push(arguments); };
  Madoguchi("identify", "TOKEN");
</script>`;
