import type { DType } from '../model';

/*
 * Written by cpuKernels.py from the registries of onnxruntime 1.30.0, and of
 * functions from what it opens; not to be edited.
 */

/** The version of ONNX Runtime that this file is about. */
export const RUNTIME_VERSION = '1.30.0';

/** The newest IR version that it opens. */
export const NEWEST_IR_VERSION = 13;

/** The newest version of ONNX's own operator set that it opens. */
export const NEWEST_OPSET = 26;

/** Element types by the letter that stands for them in {@link CPU_KERNELS}. */
export const TYPE_LETTERS: Readonly<Record<string, DType>> = {
  f: 'float32',
  d: 'float64',
  h: 'float16',
  b: 'bfloat16',
  e: 'float8e4m3fn',
  E: 'float8e4m3fnuz',
  g: 'float8e5m2',
  G: 'float8e5m2fnuz',
  w: 'float8e8m0',
  q: 'float4e2m1',
  x: 'complex64',
  X: 'complex128',
  m: 'int2',
  M: 'uint2',
  n: 'int4',
  N: 'uint4',
  c: 'int8',
  C: 'uint8',
  s: 'int16',
  S: 'uint16',
  i: 'int32',
  I: 'uint32',
  l: 'int64',
  L: 'uint64',
  z: 'bool',
  t: 'string',
};

/**
 * What it computes on a CPU. A line is an operator, below the domain it belongs to: its name, then
 * each version of it, by the operator set that brought it.
 * - `13` is computed, whatever the types;
 * - `13=0:df,1:l|0:h` is computed if one of the ways between the bars fits: input 0 is of type `d`
 *   or `f` and input 1 of type `l`, or input 0 is of type `h`; `>0` is the first output;
 * - `13=*0:f` is a function, which is taken apart into other operators where input 0 is of type `f`;
 * - `13!` is not computed.
 */
export const CPU_KERNELS = `
[ai.onnx]
Abs 1! 6=0:CILScdfils 13=0:CILScdfils
Acos 7=0:f 22=0:f
Acosh 9=0:f 22=0:f
Add 1! 6! 7=0:ILdfil 13=0:ILdfil 14=0:CILScdfils
Affine 1=0:f 10!
AffineGrid 20=0:df|*0:dfh
And 1! 7
ArgMax 1=0:Ccdfil 11=0:Ccdfil 12=0:Ccdfil 13=0:Ccdfil
ArgMin 1=0:Ccdfil 11=0:Ccdfil 12=0:Ccdfil 13=0:Ccdfil
Asin 7=0:f 22=0:f
Asinh 9=0:f 22=0:f
Atan 7=0:f 22=0:f
Atanh 9=0:f 22=0:f
Attention 23=0:f,2:f,3:fz|0:h,2:h,3:hz|*0:fh 24=0:f,2:f,3:fz|0:h,2:h,3:hz|*0:fh
AveragePool 1! 7=0:f 10=0:f 11=0:f 19=0:f 22=0:f
BatchNormalization 1! 6! 7=0:df 9=0:df 14=0:f,3:f|0:d,3:d 15=0:f,1:f,3:f|0:d,1:d,3:d
Bernoulli 15=*0:fh 22=*0:fh
BitCast 26=0:CILSbcdfhils,>0:CILSbcdfhils
BitShift 11=0:CIL
BitwiseAnd 18=0:CILScils
BitwiseNot 18=0:CILScils
BitwiseOr 18=0:CILScils
BitwiseXor 18=0:CILScils
BlackmanWindow 17=>0:CILScdfils|*0:il
Cast 1! 6 9 13 19 21 23=0:CEGILMNSbcdefghilmnstz,>0:CEGILMNSbcdefghilmnstz 24=0:CEGILMNSbcdefghilmnstwz,>0:CEGILMNSbcdefghilmnstwz 25=0:CEGILMNSbcdefghilmnstwz,>0:CEGILMNSbcdefghilmnstwz
CastLike 15=*0:CILSbcdfhilstz 19=*0:CEGILSbcdefghilstz 21=*0:CEGILNSbcdefghilnstz 23=*0:CEGILNSbcdefghilnstz 24=*0:CEGILNSbcdefghilnstwz 25=*0:CEGILMNSbcdefghilmnstwz
Ceil 1! 6=0:df 13=0:df
Celu 12
CenterCropPad 18=*0:CILcdfhilz
Clip 1! 6=0:f 11=0:f 12=0:CILcdfhil 13=0:CILcdfhil|*0:CILcdfhil
Col2Im 18=0:f
Compress 9=0:CILSbcdfhilstz 11=0:CILSbcdfhilstz
Concat 1! 4=0:CILSbcdfhilstz 11=0:CILSbcdfhilstz 13=0:CILSbcdfhilstz
ConcatFromSequence 11
Constant 1 9 11 12 13 19 21 23 24 25
ConstantOfShape 9 20 21=>0:CEGILSbcdefghilsz 23=>0:CEGILSbcdefghilsz 24=>0:CEGILSbcdefghilsz 25=>0:CEGILSbcdefghilsz
Conv 1=0:f 11=0:f 22=0:f
ConvInteger 10
ConvTranspose 1=0:f 11=0:f 22=0:f
Cos 7=0:df 22=0:df
Cosh 9=0:f 22=0:f
Crop 1=0:f 10!
CumProd 26=0:ILdfil
CumSum 11=0:dfil 14=0:dfil
DFT 17=0:df 20=0:df
DeformConv 19=0:df 22=0:df
DepthToSpace 1=0:df 11=0:Ccdf 13=0:Ccdf
DequantizeLinear 10=0:Cci 13=0:Cci 19=0:CEGcegi,1:fh 21=0:CEGNScegins,1:fh 23=0:CEGNScegins,1:fh 24=0:CEGNScegins,1:fh 25=0:CEGMNScegimns,1:fh
Det 11=0:f 22=0:f
DisentangledAttention_TRT 1!
Div 1! 6! 7=0:ILdfil 13=0:ILdfil 14=0:CILScdfils
Dropout 1! 6! 7 10 12=0:f,1:df|0:d,1:df 13=0:f,1:df|0:d,1:df 22=0:f,1:df|0:d,1:df
DynamicQuantizeLinear 11
DynamicSlice 1=0:CILSbcdfhilstz 10!
EfficientNMS_TRT 1!
Einsum 12=0:dfil
Elu 1! 6=0:f|*0:fh 22=0:f|*0:fh
Equal 1! 7=0:dfilz 11=0:CILScdfilsz 13=0:CILScdfilsz 19=0:CILScdfilstz
Erf 9=0:f 13=0:f
Exp 1! 6=0:df 13=0:df
Expand 8=0:CILScdfhilstz 13=0:CILScdfhilstz
EyeLike 9=0:Ldfil,>0:Ldfil 22=0:Ldfil,>0:Ldfil
Flatten 1 9=0:CILSbcdfhilstz 11=0:CILSbcdfhilstz 13=0:CILSbcdfhilstz 21=0:CILSbcdfhilstz 23=0:CILSbcdfhilstz 24=0:CILSbcdfhilstz 25=0:CILSbcdfhilstz
Floor 1! 6=0:df 13=0:df
GRU 1! 3! 7=0:df 14=0:df 22=0:df
GRUUnit 1! 10!
Gather 1=0:CILSbcdfhilstz 11=0:CILSbcdfhilstz 13=0:CILSbcdfhilstz
GatherElements 11=0:CILSbcdfhilstz 13=0:CILSbcdfhilstz
GatherND 11=0:CILSbcdfhilstz 12=0:CILSbcdfhilstz 13=0:CILSbcdfhilstz
Gelu 20=0:f|*0:fh
Gemm 1! 6! 7=0:df 9=0:df 11=0:df 13=0:df
GivenTensorFill 1! 10!
GlobalAveragePool 1=0:f 22=0:f
GlobalLpPool 1! 2=0:f 22!
GlobalMaxPool 1=0:f 22=0:f
Greater 1! 7=0:df 9=0:CILScdfils 13=0:CILScdfils
GreaterOrEqual 12=0:CILScdfils|*0:CILScdfhils 16=0:CILScdfils|*0:CILScdfhils
GridSample 16=0:f,1:f 20=0:f,1:f|0:d,1:d 22=0:f,1:f|0:d,1:d
GroupNormalization 18=*0:dfh 21=*0:dfh
HammingWindow 17=>0:CILScdfils|*0:il
HannWindow 17=>0:CILScdfils|*0:il
HardSigmoid 1! 6=0:f|*0:fh 22=0:f|*0:fh
HardSwish 14=*0:fh 22=*0:fh
Hardmax 1=0:f 11=0:f 13=0:f
Identity 1=0:CILSbcdfhilstz 13=0:CILSbcdfhilstz 14=0:CILSbcdfhilstz 16=0:CILSbcdfhilstz 19=0:CEGILSbcdefghilstz 21=0:CEGILSbcdefghilstz 23=0:CEGILSbcdefghilstz 24=0:CEGILSbcdefghilstz 25=0:CEGILSbcdefghilstz
If 1=>0:CILSbcdfhilstz 11=>0:CILSbcdfhilstz 13=>0:CILSbcdfhilstz 16=>0:CILSbcdfhilstz 19=>0:CEGILSbcdefghilstz 21=>0:CEGILSbcdefghilstz 23=>0:CEGILSbcdefghilstz 24=>0:CEGILSbcdefghilstz 25=>0:CEGILSbcdefghilstz
ImageDecoder 20!
ImageScaler 1=0:f 10!
InstanceNormalization 1! 6=0:f 22=0:f
IsInf 10 20
IsNaN 9=0:dfh 13=0:dfh 20=0:EGbdefgh
LRN 1=0:f 13=0:f
LSTM 1! 7=0:df 14=0:df 22=0:df
LayerNormalization 1=0:f,1:f,>1:f|0:d,1:d,>1:f|0:h,1:h,>1:f|0:b,1:b,>1:f 17=0:bdfh,>1:f|*0:bdfh
LeakyRelu 1! 6=0:f 16=0:f|*0:dfh
Less 1! 7=0:df 9=0:CILScdfils 13=0:CILScdfils
LessOrEqual 12=0:CILScdfils|*0:CILScdfhils 16=0:CILScdfils|*0:CILScdfhils
Log 1! 6=0:df 13=0:df
LogSoftmax 1=0:df 11=0:df 13=0:df|*0:dfh
Loop 1=2:CILSbcdfhilstz 11=2:CILSbcdfhilstz 13=2:CILSbcdfhilstz 16=2:CILSbcdfhilstz 19=2:CEGILSbcdefghilstz 21=2:CEGILSbcdefghilstz 23=2:CEGILSbcdefghilstz 24=2:CEGILSbcdefghilstz 25=2:CEGILSbcdefghilstz
LpNormalization 1=0:df 22=0:df
LpPool 1! 2=0:f 11=0:f 18=0:f 22=0:f
MatMul 1=0:df 9=0:ILdfil 13=0:ILdfil
MatMulInteger 10=0:Cc
Max 1! 6=0:f 8=0:df 12=0:CILcdfhil 13=0:CILcdfhil
MaxPool 1=0:f 8=0:df 10=0:df 11=0:df 12=0:Ccdf 22=0:Ccdf
MaxRoiPool 1=0:f 22!
MaxUnpool 9=0:f 11=0:f 22=0:f
Mean 1! 6=0:f 8=0:f 13=0:f
MeanVarianceNormalization 1=0:f 9=0:f|*0:f 13=0:f|*0:f
MelWeightMatrix 17=3:f,>0:CILScdfils
MemcpyFromHost 1=0:CEGILSbcdefghilsz
MemcpyToHost 1=0:CEGILSbcdefghilsz
Min 1! 6=0:f 8=0:df 12=0:CILcdfhil 13=0:CILcdfhil
Mish 18=*0:dfh 22=*0:fh
Mod 10 13=0:CILScdfhils
Mul 1! 6! 7=0:ILdfil 13=0:ILdfil 14=0:CILScdfils
MultilevelCropAndResize_TRT 1!
Multinomial 7=0:f 22!
Neg 1! 6=0:cdfils 13=0:cdfils
NegativeLogLikelihoodLoss 12=*0:dfh 13=*0:dfh 22=*0:dfh
NonMaxSuppression 10 11
NonZero 9=0:Cfilz 13=0:Cfilz
Not 1
OneHot 9=0:fl,1:l,2:l|0:fl,1:l,2:t|0:fil,1:f,2:f|0:l,1:f,2:i|0:l,1:il,2:f|0:i,1:i,2:f 11=0:fl,1:l,2:l|0:fl,1:l,2:t|0:fil,1:f,2:f|0:l,1:f,2:i|0:l,1:il,2:f|0:i,1:i,2:f
Optional 15=0:CILSbcdfhilstz
OptionalGetElement 15=>0:CILSbcdfhilstz 18=0:CILSbcdfhilstz,>0:CILSbcdfhilstz
OptionalHasElement 15 18=0:CILSbcdfhilstz
Or 1! 7
PRelu 1! 6! 7=0:f 9=0:f 16=0:f|*0:dfhil
Pad 1! 2=0:df 11=0:CILcdfil 13=0:CILcdfilz 18=0:CILcdfilz 19=0:CILcdfilz 21=0:CILcdfilz 23=0:CILcdfilz 24=0:CILcdfilz 25=0:CILcdfilz
ParametricSoftplus 1=0:f 10!
Pow 1! 7=0:df 12=0:dfil,1:dfil 13=0:dfil,1:dfil 15=0:dfil,1:dfil
PyramidROIAlign_TRT 1!
QLinearConv 10=0:C,7:C|0:c,3:c,7:c
QLinearMatMul 10=0:C,7:C|0:c,3:c,7:c 21=0:C,1:f,3:Cc,7:C|0:c,1:f,3:c,7:c
QuantizeLinear 10=0:f,2:Cc 13=0:f,2:Cc 19=0:fh,2:CEGceg 21=0:fh,2:CEGNScegns 23=0:fh,1:fh,2:CEGNScegns 24=0:fh,1:fh,2:CEGNScegns 25=0:fh,1:fh,2:CEGMNScegmns
RMSNormalization 23=0:f,1:f|0:d,1:d|0:h,1:h|*0:f
RNN 1! 7=0:f 14=0:f 22=0:f
RandomNormal 1=>0:df 22!
RandomNormalLike 1=0:CILSbcdfhilstz,>0:df 22!
RandomUniform 1=>0:df 22!
RandomUniformLike 1=0:CILSbcdfhilstz,>0:df 22!
Range 11
Reciprocal 1! 6=0:df 13=0:df
ReduceL1 1=0:dfil 11=0:dfil 13=0:dfil 18=0:dfil|*0:dfhil
ReduceL2 1=0:dfil 11=0:dfil 13=0:dfil 18=0:dfil|*0:dfhil
ReduceLogSum 1=0:dfil 11=0:dfil 13=0:dfil 18=0:dfil|*0:dfhil
ReduceLogSumExp 1=0:dfil 11=0:dfil 13=0:dfil 18=0:dfil|*0:ILbdfhil
ReduceMax 1=0:dfil 11=0:dfil 12=0:Ccdfil 13=0:Ccdfil 18=0:Ccdfil 20=0:Ccdfilz
ReduceMean 1=0:dfil 11=0:dfil 13=0:dfil 18=0:dfil
ReduceMin 1=0:dfil 11=0:dfil 12=0:Ccdfil 13=0:Ccdfil 18=0:Ccdfil 20=0:Ccdfilz
ReduceProd 1=0:dfil 11=0:dfil 13=0:dfil 18=0:dfil
ReduceSum 1=0:dfil 11=0:dfil 13=0:dfil
ReduceSumSquare 1=0:dfil 11=0:dfil 13=0:dfil 18=0:dfil|*0:dfhil
RegexFullMatch 20
Relu 1! 6=0:df 13=0:df 14=0:cdfi|*0:cdfhi
Reshape 1 5=0:CILSbcdfhilstz 13=0:CILSbcdfhilstz 14=0:CILSbcdfhilstz 19=0:CILSbcdfhilstz 21=0:CEGILSbcdefghilstz 23=0:CEGILSbcdefghilstz 24=0:CEGILSbcdefghilstz 25=0:CEGILSbcdefghilstz
Resize 10=0:Ccfi 11=0:Ccfi 13=0:Ccfi 18=0:Ccfi 19=0:Ccfi
ReverseSequence 10=0:CILSbcdfhilstz
RoiAlign 10=0:df 16=0:df 22!
RotaryEmbedding 23=0:fh|*0:fh
Round 11=0:dfh 22=0:dfh
STFT 17=0:df
Scale 1=0:f 10!
ScaledTanh 1=0:f 10!
Scan 8=1:CILSbcdfhilstz 9=0:CILSbcdfhilstz 11=0:CILSbcdfhilstz 16=0:CILSbcdfhilstz 19=0:CEGILSbcdefghilstz 21=0:CEGILSbcdefghilstz 23=0:CEGILSbcdefghilstz 24=0:CEGILSbcdefghilstz 25=0:CEGILSbcdefghilstz
Scatter 9=0:CILSbcdfhilstz 11!
ScatterElements 11=0:CILSbcdfhilstz 13=0:CILSbcdfhilstz 16=0:CILSbcdfhilstz 18=0:CILSbcdfhilstz
ScatterND 11=0:CILSbcdfhilstz 13=0:CILSbcdfhilstz 16=0:CILSbcdfhilstz 18=0:CILSbcdfhilstz
Selu 1! 6=0:f|*0:fh 22=0:f|*0:fh
SequenceAt 11=>0:CILSbcdfhilstz
SequenceConstruct 11=0:CILSbcdfhilstz
SequenceEmpty 11
SequenceErase 11
SequenceInsert 11
SequenceLength 11
SequenceMap 17=*0:fh
Shape 1=0:CILSbcdfhilstz 13=0:CILSbcdfhilstz 15=0:CILSbcdfhilstz 19=0:CILSbcdfhilstz 21=0:CEGILSbcdefghilstz 23=0:CEGILSbcdefghilstz 24=0:CEGILSbcdefghilstz 25=0:CEGILSbcdefghilstz
Shrink 9
Sigmoid 1! 6=0:df 13=0:df
Sign 9 13
SimplifiedLayerNormalization 1=0:f,1:f,>1:f|0:d,1:d,>1:f|0:h,1:h,>1:f|0:b,1:b,>1:f
Sin 7=0:df 22=0:df
Sinh 9=0:f 22=0:f
Size 1=0:CILScdfilstz 13=0:CILScdfilstz 19=0:CILScdfilstz 21=0:CILScdfilstz 23=0:CILScdfilstz 24=0:CILScdfilstz 25=0:CILScdfilstz
Slice 1=0:CILSbcdfhilstz 10=0:CILSbcdfhilstz 11=0:CILSbcdfhilstz 13=0:CILSbcdfhilstz
Softmax 1=0:df 11=0:df 13=0:df|*0:dfh
SoftmaxCrossEntropyLoss 12=*0:f 13=*0:f
Softplus 1=0:f|*0:f 22=0:f|*0:fh
Softsign 1=0:f|*0:f 22=0:f|*0:fh
SpaceToDepth 1=0:Ccdf 13=0:Ccdf
Split 1! 2=0:CILSbcdfhilstz 11=0:CILSbcdfhilstz 13=0:CILSbcdfhilstz 18=0:CILSbcdfhilstz
SplitToSequence 11=0:dfhiltz 24=0:dfhiltz
Sqrt 1! 6=0:df 13=0:df
Squeeze 1=0:CILSbcdfhilstz 11=0:CILSbcdfhilstz 13=0:CILSbcdfhilstz 21=0:CILSbcdfhilstz 23=0:CILSbcdfhilstz 24=0:CILSbcdfhilstz 25=0:CILSbcdfhilstz
StringConcat 20
StringNormalizer 10
StringSplit 20
Sub 1! 6! 7=0:ILdfil 13=0:ILdfil 14=0:CILScdfils
Sum 1! 6=0:df 8=0:df 13=0:df
Swish 24=*0:dfh
Tan 7=0:f 22=0:f
Tanh 1! 6=0:df 13=0:df
TensorScatter 24=0:CILSbcdfhilsz
TfIdfVectorizer 9
ThresholdedRelu 1=0:f 10=0:f|*0:fh 22=0:f|*0:fh
Tile 1! 6=0:CILScdfilstz 13=0:CILScdfilstz
TopK 1=0:df 10=0:df 11=0:Ccdfils 24=0:Ccdfils
Transpose 1=0:CILSbcdfhilstz 13=0:CILSbcdfhilstz 21=0:CEGILNSbcdefghilnstz 23=0:CEGILNSbcdefghilnstz 24=0:CEGILNSbcdefghilnstz 25=0:CEGILMNSbcdefghilmnstz
Trilu 14=0:dfilz
Unique 11=0:cdflt
Unsqueeze 1=0:CILSbcdfhilstz 11=0:CILSbcdfhilstz 13=0:CILSbcdfhilstz 21=0:CILSbcdfhilstz 23=0:CILSbcdfhilstz 24=0:CILSbcdfhilstz 25=0:CILSbcdfhilstz
Upsample 1! 7=0:Ccfi 9=0:Ccfi 10!
Where 9=1:Cdfilt 16=1:Cdfilt
Xor 1! 7
[com.microsoft]
Attention 1=0:f
AttnLSTM 1
BeamSearch 1=5:f
BiasAdd 1!
BiasDropout 1!
BiasGelu 1=0:f
BiasSoftmax 1!
BiasSplitGelu 1!
BifurcationDetector 1
BitmaskBiasDropout 1!
BitmaskDropout 1!
CDist 1=0:df
CausalConvWithState 1=0:f
ComplexMul 1!
ComplexMulConj 1!
ConvTransposeWithDynamicPads 1=0:f
CropAndResize 1=0:f
DecoderAttention 1!
DecoderMaskedMultiHeadAttention 1=0:f
DecoderMaskedSelfAttention 1!
DequantizeBFP 1!
DequantizeLinear 1=0:CNScins,1:f
DequantizeWithOrder 1!
DynamicQuantizeLSTM 1
DynamicQuantizeMatMul 1
DynamicTimeWarping 1
EPContext 1!
EmbedLayerNormalization 1=2:f
EngramGate 1=0:fh
ExpandDims 1=0:CILSbcdfhilstz
FastGelu 1=0:f
FusedConv 1=0:f
FusedGemm 1=0:f
FusedMatMul 1=0:df
FusedMatMulActivation 1!
GatedAdd 1=0:fh
GatedDeltaNet 1!
GatedRMSNorm 1=0:fh
GatedRelativePositionBias 1!
GatherBlockQuantized 1=0:C,1:il,2:fh|0:N,1:il,2:fh|0:n,1:il,2:fh
GatherND 1=0:CILSbcdfhilstz
Gelu 1=0:f
GemmFastGelu 1!
GemmFloat8 1!
GemmaRotaryEmbedding 1!
GreedySearch 1
GridSample 1=0:f,>0:f
GroupNorm 1!
GroupQueryAttention 1=0:f,3:Ccf|0:h,3:Cch
Inverse 1
Irfft 1!
IsAllFinite 1!
LinearAttention 1=0:f
LinearAttentionGate 1=0:fh
LongformerAttention 1!
MRotaryEmbedding 1=0:fh
MatMulBlockQuantizedFp4Weight 1!
MatMulBlockQuantizedFp8Weight 1!
MatMulBnb4 1=0:f
MatMulFpQ4 1
MatMulInteger16 1=0:s,1:s,>0:i
MatMulIntegerToFloat 1=0:C,2:f|0:c,1:c,2:f
MatMulNBits 1=0:f,3:Cf|0:h,3:Ch
MatMulNBitsMlp 1!
MatMulNBitsQkv 1!
MaxpoolWithMask 1
MoE 1=0:f
MulInteger 1!
MultiHeadAttention 1=0:f
MurmurHash3 1
NGramHashMapping 1=0:il
NGramRepeatBlock 1
NhwcConv 1!
NhwcFusedConv 1!
NhwcMaxPool 1=0:Cc
PackedAttention 1!
PackedMultiHeadAttention 1!
Pad 1=0:f
PagedAttention 1!
QAttention 1=0:C,2:f
QEmbedLayerNormalization 1
QGemm 1=0:c,3:c,8:c,>0:cf|0:C,8:C,>0:Cf
QLinearAdd 1=0:Cc
QLinearAveragePool 1
QLinearConcat 1
QLinearConv 1=0:C,7:C|0:c,3:c,7:c
QLinearGlobalAveragePool 1
QLinearLeakyRelu 1=0:Cc
QLinearMul 1=0:Cc
QLinearReduceMean 1!
QLinearSigmoid 1=0:Cc
QLinearSoftmax 1
QLinearWhere 1
QMoE 1=0:h,2:C,3:h|0:f,2:C,3:f
QOrderedAttention 1!
QOrderedGelu 1!
QOrderedLayerNormalization 1!
QOrderedLongformerAttention 1!
QOrderedMatMul 1!
QuantizeBFP 1!
QuantizeLinear 1=0:f,2:CNScns
QuantizeWithOrder 1!
QuickGelu 1=0:f
Range 1
ReduceSumInteger 1!
RelativePositionBias 1!
RemovePadding 1!
RestorePadding 1!
Rfft 1!
RotaryEmbedding 1=0:fh
SampleOp 1=0:f
Sampling 1
SkipGroupNorm 1!
SkipLayerNormalization 1=0:bdfh
SkipSimplifiedLayerNormalization 1=0:bdfh
Snpe 1!
SparseAttention 1=0:fh
SparseToDenseMatMul 1
Tokenizer 1
TorchEmbedding 1!
TransposeMatMul 1=0:f
Trilu 1=0:dfl
UnfoldTensor 1=0:CILSbcdfhilstz
Unique 1=0:f
VarlenCausalConvWithState 1!
WhisperBeamSearch 1=5:f
WordConvEmbedding 1
[com.microsoft.nchwc]
AveragePool 1
Conv 1
GlobalAveragePool 1
GlobalMaxPool 1
MaxPool 1
ReorderInput 1
ReorderOutput 1
Upsample 1
[ai.onnx.ml]
ArrayFeatureExtractor 1=0:dfilt
Binarizer 1=0:f
CastMap 1
CategoryMapper 1
DictVectorizer 1=>0:dflt
FeatureVectorizer 1
Imputer 1=0:fl
LabelEncoder 1 2=0:f,>0:flt|0:lt,>0:f|0:l,>0:lt|0:t,>0:lt 4=0:f,>0:flt|0:lt,>0:f|0:l,>0:dlt|0:t,>0:dlst|0:d,>0:dlt
LinearClassifier 1
LinearRegressor 1=0:f
Normalizer 1
OneHotEncoder 1=0:dflt
SVMClassifier 1
SVMRegressor 1=0:f
Scaler 1=0:dfil
TreeEnsemble 5=0:df
TreeEnsembleClassifier 1=0:dfil 3=0:dfil 5!
TreeEnsembleRegressor 1=0:df 3=0:df 5!
ZipMap 1
`;
