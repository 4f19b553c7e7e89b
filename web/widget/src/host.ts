// The frame's side of the bridge.
import { readAnswer, type Boot } from "@madoguchi/sdk";
import { readyWord, type BootAnswer, type FromFrame, type Handover, type ToFrame } from "./bridge.ts";

/** Where this page came from, with the path it may live under: …/widget/ACCOUNT/frame. */
export const server = new URL("../..", location.href).href.slice(0, -1);

type Answers = { [Word in keyof ToFrame]?: (...values: ToFrame[Word]) => void };

/** The page that carries us, through its loader. */
export interface Host {
  handover: Handover;
  tell<Word extends keyof FromFrame>(...words: [Word, ...FromFrame[Word]]): void;
  /** Starts to listen; what was said before is heard now. */
  listen(answers: Answers): void;
  /** Boots by way of the host page, whose Origin the server checks; undefined where its CSP forbids that. */
  requestBoot(body: object): Promise<Boot | undefined>;
}

/** Says that we are ready and waits for the loader's handover. */
export function meetHost(): Promise<Host> {
  return new Promise((resolve) => {
    addEventListener("message", function hear({ source, data, ports: [port] }: MessageEvent<Handover>) {
      if (source !== parent || !port || !data?.settings) return;
      removeEventListener("message", hear);
      const tell: Host["tell"] = (...words) => port.postMessage(words);
      let booted: (answer: BootAnswer) => void = () => {};
      resolve({
        handover: data,
        tell,
        listen(answers) {
          answers.boot = (...answer) => booted(answer);
          port.onmessage = ({ data: [word, ...values] }: MessageEvent<[keyof ToFrame, ...never[]]>) => (answers[word] as ((...values: never[]) => void) | undefined)?.(...values);
        },
        async requestBoot(body) {
          const [status, text] = await new Promise<BootAnswer>((answered) => {
            booted = answered;
            tell("boot", body);
          });
          return status ? (readAnswer(status, text) as Boot) : undefined;
        },
      });
    });
    // To whoever frames us: it is a word, and the server decides who may (frame-ancestors).
    parent.postMessage(readyWord, "*");
  });
}
