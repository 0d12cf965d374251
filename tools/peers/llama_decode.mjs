// Greedy decoding of one text in llama.cpp, beside cogent.bench.DecodeSpeed:
//   npm i node-llama-cpp --ignore-scripts
//   ./cogent export model MODEL -o model.gguf --type f32
//   node llama_decode.mjs model.gguf [threads] [tokens]
// Prompts are DecodeSpeed's: 64 ids that mean nothing.
import {getLlama} from "node-llama-cpp";

const [file, threads = "2", tokens = "33"] = process.argv.slice(2);
const llama = await getLlama({gpu: false, build: "never", logLevel: "error", maxThreads: Number(threads)});
const model = await llama.loadModel({modelPath: file, gpuLayers: 0});
const context = await model.createContext({contextSize: 512, threads: Number(threads)});
const sequence = context.getSequence();
const prompt = Array.from({length: 64}, (_, i) => 1 + 37 * i);
for (let run = 0; run < 5; run++) {
  await sequence.clearHistory();
  let heard = 0;
  let begun = 0n;
  for await (const _ of sequence.evaluate(prompt, {temperature: 0})) {
    if (heard === 0) {
      begun = process.hrtime.bigint();
    }
    if (++heard === Number(tokens)) {
      break;
    }
  }
  const step = Number(process.hrtime.bigint() - begun) / 1e6 / (tokens - 1);
  console.log(`llama.cpp batch 1 ${step.toFixed(2)} ms/step ${(1000 / step).toFixed(1)} tok/s`);
}
process.exit(0);
