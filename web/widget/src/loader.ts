declare global {
  interface Window {
    Madoguchi?: (...call: unknown[]) => void;
  }
}

window.Madoguchi ??= () => {};

export {};
