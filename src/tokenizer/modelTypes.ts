/*
 * Which class `AutoTokenizer` of `transformers` 5.18 takes for a type of model, of those classes that
 * make something of tokenizer.json by themselves. A test holds the lists against its own.
 */

const TYPES_OF_CLASSES: Readonly<Record<string, string>> = {
  BartTokenizer: `
    florence2
  `,
  BertTokenizer: `
    align bark bert blip bros chinese_clip convbert distilbert electra ernie flava git
    grounding-dino layoutlm megatron-bert mm-grounding-dino nezha nomic_bert qdqbert realm
    retribert squeezebert tvp vilt visual_bert
  `,
  BlenderbotTokenizer: `
    blenderbot
  `,
  DPRQuestionEncoderTokenizer: `
    dpr
  `,
  DebertaTokenizer: `
    deberta
  `,
  FunnelTokenizer: `
    funnel
  `,
  GPT2Tokenizer: `
    blip-2 codegen dbrx emu3 gpt2 gpt_neo gptj hyperclovax_vision_v2 instructblip
    instructblipvideo jais2 opt phi starcoder2
  `,
  GPTNeoXTokenizer: `
    falcon_mamba gpt_neox mamba mamba2 mpt olmo olmoe rwkv xlstm
  `,
  LEDTokenizer: `
    led
  `,
  LlamaTokenizer: `
    idefics idefics2
  `,
  LukeTokenizer: `
    luke
  `,
  LxmertTokenizer: `
    lxmert
  `,
  MPNetTokenizer: `
    mpnet
  `,
  MobileBertTokenizer: `
    mobilebert
  `,
  MvpTokenizer: `
    mvp
  `,
  Qwen2Tokenizer: `
    audioflamingo3 colqwen2 cosmos3_omni fun_asr_nano hunyuan_vl internvl lighton_ocr ovis2
    qianfan_ocr qwen2 qwen2_5_omni qwen2_5_vl qwen2_audio qwen2_moe qwen2_vl qwen3 qwen3_asr
    qwen3_moe qwen3_next qwen3_omni_moe qwen3_vl qwen3_vl_moe vibevoice
  `,
  Qwen3_5Tokenizer: `
    qwen3_5 qwen3_5_moe qwen3_5_moe_text qwen3_5_text qwen4_exp
  `,
  RobertaTokenizer: `
    bart bridgetower clap data2vec-text ibert lilt longformer mega mra roberta
    roberta-prelayernorm
  `,
  SplinterTokenizer: `
    splinter
  `,
  TokenizersBackend: `
    EvollaModel arctic aria bigbird_pegasus camembertv2-base canary chameleon chatlm
    cohere_asr deepseek_ocr deepseek_ocr2 deepseek_v2 deepseek_v3 deepseek_v32 deepseek_v4
    deepseek_vl deepseek_vl_hybrid deepseek_vl_v2 ernie4_5 ernie4_5_moe flex_olmo fuyu glm
    glm4 glm4_moe glm4_moe_lite glm4v glm4v_moe glm_image glmasr got_ocr2 gpt_bigcode
    granite granitemoe granitemoehybrid granitemoeshared h2ovl_chat hyperclovax
    hyperclovax_vlm internlm2 jamba janus kimi_k25 kimi_linear kosmos-2 llava llava_next
    mimo_v2_flash minicpm3 minicpmv minicpmv4_6 minicpmv4_7 minimax_m2 ministral ministral3
    mistral mistral3 mixtral modernbert modernbert-decoder molmo molmo2 nemotron nvfp4
    nystromformer olmo2 olmo3 olmo_hybrid opencua openvla paddleocr_vl pegasus_x persimmon
    phi3 phi3_v phimoe pix2struct pixtral smolvlm stablelm step3_vl step3p5 umt5 vipllava
    voxtral voxtral_realtime xlm-roberta-xl
  `,
  WhisperTokenizer: `
    whisper
  `,
};

/** Types of models whose publishers name a class that is not theirs. */
const MISNAMED = `
  hyperclovax_vision_v2 qwen2 qwen3_5 qwen3_5_moe qwen3_5_moe_text qwen4_exp
`;

const words = (text: string): string[] => text.trim().split(/\s+/);

/** Names of classes by the `model_type` of config.json. */
export const MODEL_TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries(TYPES_OF_CLASSES).flatMap(([name, types]) =>
    words(types).map((type) => [type, name] as const),
  ),
);

export const MISNAMED_TYPES: ReadonlySet<string> = new Set(words(MISNAMED));
