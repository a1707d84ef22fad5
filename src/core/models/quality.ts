import type { ModelSpec } from '#core/ports/model.ts';
import { bitsPerWeight, weightBytes } from './model-size.ts';

/** Families that write a reasoning block before the answer unless told otherwise. */
export function thinksFirst(model: Pick<ModelSpec, 'id' | 'label'>): boolean {
  return /Qwen3(?![- ]?VL)|R1-Distill|Reasoning/i.test(`${model.id} ${model.label}`);
}

/** Families that are still a fair choice; the prebuilt list also carries their grandparents. */
const CURRENT_FAMILIES = /^(?:SmolLM2|Qwen2\.5|Llama-3\.[12]|Phi-4|gemma-?3|OLMo-2|DeepSeek-R1)-/i;

/** How well a model answers, as far as size and age tell: used for order only. One unit is about a doubling in size. */
export function qualityScore(model: ModelSpec): number {
  const parameters = model.parameters ?? (weightBytes(model) * 8) / bitsPerWeight(model.quantization);
  const name = `${model.id} ${model.label}`;
  let score = Math.log2(Math.max(parameters, 1e6) / 1e8);
  if (/coder|math|jpn|vision|base\b|R1-Distill/i.test(name)) score -= 1;
  if (/Qwen3|Qwen3\.5|gemma-4|Ministral-3/i.test(name)) score += 0.4;
  else if (model.engine === 'webllm' && !CURRENT_FAMILIES.test(model.id)) score -= 1.2;
  if (bitsPerWeight(model.quantization) < 4) score -= 0.7;
  if (model.contextTokens < 2048) score -= 0.5;
  return score;
}
