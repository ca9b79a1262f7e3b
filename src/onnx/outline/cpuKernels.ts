import type { DType } from '../graph/model';

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
 * - `13=0:df~h` takes `h` as well, which the runtime casts to `f` and back;
 * - `13=*0:f` is a function, which is taken apart into other operators where input 0 is of type `f`;
 * - `13!` is not computed.
 */
export const CPU_KERNELS = `
[ai.onnx]
Abs 1! 6=0:CILScdfils~h 13=0:CILScdfils~h
Acos 7=0:f~h 22=0:f~h
Acosh 9=0:f~h 22=0:f~h
Add 1! 6! 7=0:ILdfil~h 13=0:ILdfil~h 14=0:CILScdfils~h
Affine 1=0:f~h 10!
AffineGrid 20=0:df~h,1:l|*0:dfh,1:l
And 1! 7=0:z
ArgMax 1=0:Ccdfil~h 11=0:Ccdfil~h 12=0:Ccdfil~h 13=0:Ccdfil~h
ArgMin 1=0:Ccdfil~h 11=0:Ccdfil~h 12=0:Ccdfil~h 13=0:Ccdfil~h
Asin 7=0:f~h 22=0:f~h
Asinh 9=0:f~h 22=0:f~h
Atan 7=0:f~h 22=0:f~h
Atanh 9=0:f~h 22=0:f~h
Attention 23=0:f~h,2:f~h,3:fz~h|0:h,2:h,3:hz|*0:fh,2:bdfh,3:CILSbcdfhilsz 24=0:f~h,2:f~h,3:fz~h,6:l|0:h,2:h,3:hz,6:l|*0:fh,2:bdfh,3:CILSbcdfhilsz,6:l
AveragePool 1! 7=0:f~h 10=0:f~h 11=0:f~h 19=0:f~h 22=0:f~h
BatchNormalization 1! 6! 7=0:df~h 9=0:df~h 14=0:f~h,3:f~h|0:d,3:d 15=0:f~h,1:f~h,3:f~h|0:d,1:d,3:d
Bernoulli 15=*0:fh 22=*0:fh
BitCast 26=0:CILSbcdfhils,>0:CILSbcdfhils
BitShift 11=0:CIL
BitwiseAnd 18=0:CILScils
BitwiseNot 18=0:CILScils
BitwiseOr 18=0:CILScils
BitwiseXor 18=0:CILScils
BlackmanWindow 17=0:il,>0:CILScdfils~h|*0:il
Cast 1! 6=0:CILScdfhilsz,>0:CILScdfhilsz 9=0:CILScdfhilstz,>0:CILScdfhilstz 13=0:CILSbcdfhilstz,>0:CILSbcdfhilstz 19=0:CEGILSbcdefghilstz,>0:CEGILSbcdefghilstz 21=0:CEGILNSbcdefghilnstz,>0:CEGILNSbcdefghilnstz 23=0:CEGILNSbcdefghilnstz,>0:CEGILNSbcdefghilnstz 24=0:CEGILNSbcdefghilnstwz,>0:CEGILNSbcdefghilnstwz 25=0:CEGILMNSbcdefghilmnstwz,>0:CEGILMNSbcdefghilmnstwz
CastLike 15=*0:CILSbcdfhilstz,1:CILSbcdfhilstz 19=*0:CEGILSbcdefghilstz,1:CEGILSbcdefghilstz 21=*0:CEGILNSbcdefghilnstz,1:CEGILNSbcdefghilnstz 23=*0:CEGILNSbcdefghilnstz,1:CEGILNSbcdefghilnqstz 24=*0:CEGILNSbcdefghilnstwz,1:CEGILNSbcdefghilnqstwz 25=*0:CEGILMNSbcdefghilmnstwz,1:CEGILMNSbcdefghilmnqstwz
Ceil 1! 6=0:df~h 13=0:df~h
Celu 12=0:f|*0:f
CenterCropPad 18=*0:CILcdfhilz,1:il
Clip 1! 6=0:f~h 11=0:f~h 12=0:CILcdfhil 13=0:CILcdfhil|*0:CILcdfhil
Col2Im 18=0:f~h,1:l
Compress 9=0:CILScdfhilstz,1:z 11=0:CILScdfhilstz,1:z
Concat 1! 4=0:CILScdfhilstz 11=0:CILScdfhilstz 13=0:CILSbcdfhilstz
ConcatFromSequence 11=>0:CILSXcdfhilstxz
Constant 1 9 11 12 13 19 21 23 24 25
ConstantOfShape 9=0:l,>0:CILScdfhilsz 20=0:l,>0:CEGILSbcdefghilsz 21=0:l,>0:CEGILSbcdefghilsz 23=0:l,>0:CEGILSbcdefghilsz 24=0:l,>0:CEGILSbcdefghilsz 25=0:l,>0:CEGILSbcdefghilsz
Conv 1=0:f~h 11=0:f~h 22=0:f~h
ConvInteger 10=0:Cc,1:Cc
ConvTranspose 1=0:f~h 11=0:f~h 22=0:f~h
Cos 7=0:df~h 22=0:df~h
Cosh 9=0:f~h 22=0:f~h
Crop 1=0:f~h 10!
CumProd 26=0:ILdfil~h,1:il
CumSum 11=0:dfil,1:il 14=0:dfil~h,1:il
DFT 17=0:df~h,1:il 20=0:df~h,1:il,2:l
DeformConv 19=0:df~h 22=0:df~h
DepthToSpace 1=0:df~h 11=0:Ccdf~h 13=0:Ccdf~h
DequantizeLinear 10=0:Cci,1:f 13=0:Cci,1:f 19=0:CEGcegi,1:fh 21=0:CEGNScegins,1:fh 23=0:CEGNScegins,1:fh,>0:bfh 24=0:CEGNScegins,1:fh,>0:bfh 25=0:CEGMNScegimns,1:fh,>0:bfh
Det 11=0:f~h 22=0:f~h
DisentangledAttention_TRT 1!
Div 1! 6! 7=0:ILdfil~h 13=0:ILdfil~h 14=0:CILScdfils~h
Dropout 1! 6! 7=0:dfh 10=0:dfh 12=0:f~h,1:df~h,2:z|0:d,1:df~h,2:z 13=0:f~h,1:df~h,2:z|0:d,1:df~h,2:z 22=0:f~h,1:df~h,2:z|0:d,1:df~h,2:z
DynamicQuantizeLinear 11=0:f|*0:f
DynamicSlice 1=0:CILScdfhilstz,1:il 10!
EfficientNMS_TRT 1!
Einsum 12=0:dfil~h
Elu 1! 6=0:f~h|*0:fh 22=0:f~h|*0:fh
Equal 1! 7=0:ilz 11=0:CILScdfilsz~h 13=0:CILScdfilsz~h 19=0:CILScdfilstz~h
Erf 9=0:f~h 13=0:f~h
Exp 1! 6=0:df~h 13=0:df~h
Expand 8=0:CILScdfhilstz,1:l 13=0:CILScdfhilstz,1:l
EyeLike 9=0:Ldfil~h,>0:Ldfil~h 22=0:Ldfil~h,>0:Ldfil~h
Flatten 1=0:dfh 9=0:CILScdfhilstz 11=0:CILScdfhilstz 13=0:CILSbcdfhilstz 21=0:CILSbcdfhilstz 23=0:CILSbcdfhilstz 24=0:CILSbcdfhilstz 25=0:CILSbcdfhilstz
Floor 1! 6=0:df~h 13=0:df~h
GRU 1! 3! 7=0:df~h,4:i 14=0:df~h,4:i 22=0:df~h,4:i
GRUUnit 1! 10!
Gather 1=0:CILScdfhilstz,1:il 11=0:CILScdfhilstz,1:il 13=0:CILSbcdfhilstz,1:il
GatherElements 11=0:CILScdfhilstz,1:il 13=0:CILSbcdfhilstz,1:il
GatherND 11=0:CILScdfhilstz,1:l 12=0:CILScdfhilstz,1:l 13=0:CILSbcdfhilstz,1:l
Gelu 20=0:f~h|*0:fh
Gemm 1! 6! 7=0:df~h 9=0:df~h 11=0:df~h 13=0:df~h
GivenTensorFill 1! 10!
GlobalAveragePool 1=0:f~h 22=0:f~h
GlobalLpPool 1! 2=0:f~h 22!
GlobalMaxPool 1=0:f~h 22=0:f~h
Greater 1! 7=0:df~h 9=0:CILScdfils~h 13=0:CILScdfils~h
GreaterOrEqual 12=0:CILScdfils~h|*0:CILScdfhils 16=0:CILScdfils~h|*0:CILScdfhils
GridSample 16=0:f~h,1:f~h 20=0:f~h,1:f~h|0:d,1:d 22=0:f~h,1:f~h|0:d,1:d
GroupNormalization 18=*0:dfh 21=*0:dfh
HammingWindow 17=0:il,>0:CILScdfils~h|*0:il
HannWindow 17=0:il,>0:CILScdfils~h|*0:il
HardSigmoid 1! 6=0:f~h|*0:fh 22=0:f~h|*0:fh
HardSwish 14=*0:fh 22=*0:fh
Hardmax 1=0:f~h 11=0:f~h 13=0:f~h
Identity 1=0:CILScdfhilstz 13=0:CILSbcdfhilstz 14=0:CILSbcdfhilstz 16=0:CILSbcdfhilstz 19=0:CEGILSbcdefghilstz 21=0:CEGILSbcdefghilstz 23=0:CEGILSbcdefghilstz 24=0:CEGILSbcdefghilstz 25=0:CEGILSbcdefghilstz
If 1=0:z,>0:CILScdfhilstz 11=0:z,>0:CILScdfhilstz 13=0:z,>0:CILScdfhilstz 16=0:z,>0:CILSbcdfhilstz 19=0:z,>0:CEGILSbcdefghilstz 21=0:z,>0:CEGILSbcdefghilstz 23=0:z,>0:CEGILSbcdefghilstz 24=0:z,>0:CEGILSbcdefghilstz 25=0:z,>0:CEGILSbcdefghilstz
ImageDecoder 20!
ImageScaler 1=0:f~h 10!
InstanceNormalization 1! 6=0:f~h 22=0:f~h
IsInf 10=0:df 20=0:EGbdefgh
IsNaN 9=0:dfh 13=0:dfh 20=0:EGbdefgh
LRN 1=0:f~h 13=0:f~h
LSTM 1! 7=0:df~h,4:i 14=0:df~h,4:i 22=0:df~h,4:i
LayerNormalization 1=0:f~h,1:f~h,>1:f|0:d,1:d,>1:f|0:h,1:h,>1:f|0:b,1:b,>1:f 17=0:bdfh,>1:f|*0:bdfh
LeakyRelu 1! 6=0:f~h 16=0:f~h|*0:dfh
Less 1! 7=0:df~h 9=0:CILScdfils~h 13=0:CILScdfils~h
LessOrEqual 12=0:CILScdfils~h|*0:CILScdfhils 16=0:CILScdfils~h|*0:CILScdfhils
Log 1! 6=0:df~h 13=0:df~h
LogSoftmax 1=0:df~h 11=0:df~h 13=0:df~h|*0:dfh
Loop 1=0:l,1:z,2:CILScdfhilstz 11=0:l,1:z,2:CILScdfhilstz 13=0:l,1:z,2:CILScdfhilstz 16=0:l,1:z,2:CILSbcdfhilstz 19=0:l,1:z,2:CEGILSbcdefghilstz 21=0:l,1:z,2:CEGILSbcdefghilstz 23=0:l,1:z,2:CEGILSbcdefghilstz 24=0:l,1:z,2:CEGILSbcdefghilstz 25=0:l,1:z,2:CEGILSbcdefghilstz
LpNormalization 1=0:df~h 22=0:df~h
LpPool 1! 2=0:f~h 11=0:f~h 18=0:f~h 22=0:f~h
MatMul 1=0:df~h 9=0:ILdfil~h 13=0:ILdfil~h
MatMulInteger 10=0:Cc,1:Cc
Max 1! 6=0:f~h 8=0:df~h 12=0:CILcdfhil 13=0:CILcdfhil
MaxPool 1=0:f~h 8=0:df~h 10=0:df~h 11=0:df~h 12=0:Ccdf~h 22=0:Ccdf~h
MaxRoiPool 1=0:f~h 22!
MaxUnpool 9=0:f~h,1:l 11=0:f~h,1:l 22=0:f~h,1:l
Mean 1! 6=0:f~h 8=0:f~h 13=0:f~h
MeanVarianceNormalization 1=0:f~h 9=0:f~h|*0:f 13=0:f~h|*0:f
MelWeightMatrix 17=0:il,3:f~h,>0:CILScdfils~h
MemcpyFromHost 1=0:CEGILSbcdefghilsz
MemcpyToHost 1=0:CEGILSbcdefghilsz
Min 1! 6=0:f~h 8=0:df~h 12=0:CILcdfhil 13=0:CILcdfhil
Mish 18=*0:dfh 22=*0:fh
Mod 10=0:CILScdfhils 13=0:CILScdfhils
Mul 1! 6! 7=0:ILdfil~h 13=0:ILdfil~h 14=0:CILScdfils~h
MultilevelCropAndResize_TRT 1!
Multinomial 7=0:f~h,>0:il 22!
Neg 1! 6=0:cdfils~h 13=0:cdfils~h
NegativeLogLikelihoodLoss 12=*0:dfh,1:il 13=*0:dfh,1:il 22=*0:dfh,1:il
NonMaxSuppression 10=0:f,2:l 11=0:f,2:l
NonZero 9=0:Cfilz~h 13=0:Cfilz~h
Not 1=0:z
OneHot 9=0:fl~h,1:l,2:l|0:fl~h,1:l,2:t|0:fil~h,1:f~h,2:f~h|0:l,1:f~h,2:i|0:l,1:il,2:f~h|0:i,1:i,2:f~h 11=0:fl~h,1:l,2:l|0:fl~h,1:l,2:t|0:fil~h,1:f~h,2:f~h|0:l,1:f~h,2:i|0:l,1:il,2:f~h|0:i,1:i,2:f~h
Optional 15=0:CILScdfhilstz
OptionalGetElement 15=>0:CILScdfhilstz 18=0:CILScdfhilstz,>0:CILScdfhilstz
OptionalHasElement 15 18=0:CILScdfhilstz
Or 1! 7=0:z
PRelu 1! 6! 7=0:f~h 9=0:f~h 16=0:f~h|*0:dfhil
Pad 1! 2=0:df~h 11=0:CILcdfil~h,1:l 13=0:CILcdfilz~h,1:l 18=0:CILcdfilz~h,1:l,3:il 19=0:CILcdfilz~h,1:l,3:il 21=0:CILcdfilz~h,1:l,3:il 23=0:CILcdfilz~h,1:l,3:il 24=0:CILcdfilz~h,1:l,3:il 25=0:CILcdfilz~h,1:l,3:il
ParametricSoftplus 1=0:f~h 10!
Pow 1! 7=0:df~h 12=0:dfil~h,1:dfil~h 13=0:dfil~h,1:dfil~h 15=0:dfil~h,1:dfil~h
PyramidROIAlign_TRT 1!
QLinearConv 10=0:C,1:f,3:Cc,7:C,8:i|0:c,1:f,3:c,7:c,8:i
QLinearMatMul 10=0:C,1:f,3:Cc,7:C|0:c,1:f,3:c,7:c 21=0:C,1:f~h,3:Cc,7:C|0:c,1:f~h,3:c,7:c
QuantizeLinear 10=0:f,1:f,2:Cc 13=0:f,1:f,2:Cc 19=0:fh,2:CEGceg 21=0:fh,2:CEGNScegns 23=0:fh,1:fh,2:CEGNScegns 24=0:fh,1:fh,2:CEGNScegns 25=0:fh,1:fh,2:CEGMNScegmns
RMSNormalization 23=0:f~h,1:f~h|0:d,1:d|0:h,1:h|*0:f,1:bdfh
RNN 1! 7=0:f~h,4:i 14=0:f~h,4:i 22=0:f~h,4:i
RandomNormal 1=>0:df~h 22!
RandomNormalLike 1=0:CILScdfhilstz,>0:df~h 22!
RandomUniform 1=>0:df~h 22!
RandomUniformLike 1=0:CILScdfhilstz,>0:df~h 22!
Range 11=0:dfils|*0:dfils
Reciprocal 1! 6=0:df~h 13=0:df~h
ReduceL1 1=0:dfil~h 11=0:dfil~h 13=0:dfil~h 18=0:dfil~h,1:l|*0:dfhil,1:l
ReduceL2 1=0:dfil~h 11=0:dfil~h 13=0:dfil~h 18=0:dfil~h,1:l|*0:dfhil,1:l
ReduceLogSum 1=0:dfil~h 11=0:dfil~h 13=0:dfil~h 18=0:dfil~h,1:l|*0:dfhil,1:l
ReduceLogSumExp 1=0:dfil~h 11=0:dfil~h 13=0:dfil~h 18=0:dfil~h,1:l|*0:ILbdfhil,1:l
ReduceMax 1=0:dfil~h 11=0:dfil~h 12=0:Ccdfil~h 13=0:Ccdfil~h 18=0:Ccdfil~h,1:l 20=0:Ccdfilz~h,1:l
ReduceMean 1=0:dfil~h 11=0:dfil~h 13=0:dfil~h 18=0:dfil~h,1:l
ReduceMin 1=0:dfil~h 11=0:dfil~h 12=0:Ccdfil~h 13=0:Ccdfil~h 18=0:Ccdfil~h,1:l 20=0:Ccdfilz~h,1:l
ReduceProd 1=0:dfil~h 11=0:dfil~h 13=0:dfil~h 18=0:dfil~h,1:l
ReduceSum 1=0:dfil~h 11=0:dfil~h 13=0:dfil~h,1:l
ReduceSumSquare 1=0:dfil~h 11=0:dfil~h 13=0:dfil~h 18=0:dfil~h,1:l|*0:dfhil,1:l
RegexFullMatch 20=0:t
Relu 1! 6=0:df~h 13=0:df~h 14=0:cdfi~h|*0:cdfhi
Reshape 1=0:dfh 5=0:CILScdfhilstz,1:l 13=0:CILSbcdfhilstz,1:l 14=0:CILSbcdfhilstz,1:l 19=0:CILSbcdfhilstz,1:l 21=0:CEGILSbcdefghilstz,1:l 23=0:CEGILSbcdefghilstz,1:l 24=0:CEGILSbcdefghilstz,1:l 25=0:CEGILSbcdefghilstz,1:l
Resize 10=0:Ccfi~h,1:f 11=0:Ccfi~h,1:dfh,2:f,3:l 13=0:Ccfi~h,1:dfh,2:f,3:l 18=0:Ccfi~h,1:dfh,2:f,3:l 19=0:Ccfi~h,1:dfh,2:f,3:l
ReverseSequence 10=0:CILScdfhilstz,1:l
RoiAlign 10=0:df~h,2:l 16=0:df~h,2:l 22!
RotaryEmbedding 23=0:fh,3:l|*0:fh,3:l
Round 11=0:dfh 22=0:dfh
STFT 17=0:df~h,1:il
Scale 1=0:f~h 10!
ScaledTanh 1=0:f~h 10!
Scan 8=0:l,1:CILScdfhilstz 9=0:CILScdfhilstz 11=0:CILScdfhilstz 16=0:CILSbcdfhilstz 19=0:CEGILSbcdefghilstz 21=0:CEGILSbcdefghilstz 23=0:CEGILSbcdefghilstz 24=0:CEGILSbcdefghilstz 25=0:CEGILSbcdefghilstz
Scatter 9=0:CILScdfhilstz,1:il 11!
ScatterElements 11=0:CILScdfhilstz,1:il 13=0:CILSbcdfhilstz,1:il 16=0:CILSbcdfhilstz,1:il 18=0:CILSbcdfhilstz,1:il
ScatterND 11=0:CILScdfhilstz,1:l 13=0:CILSbcdfhilstz,1:l 16=0:CILSbcdfhilstz,1:l 18=0:CILSbcdfhilstz,1:l
Selu 1! 6=0:f~h|*0:fh 22=0:f~h|*0:fh
SequenceAt 11=1:il,>0:CILScdfhilstz
SequenceConstruct 11=0:CILScdfhilstz
SequenceEmpty 11
SequenceErase 11=1:il
SequenceInsert 11=1:CILSXcdfhilstxz,2:il
SequenceLength 11
SequenceMap 17=*0:fh,1:CILSXcdfhilstxz
Shape 1=0:CILScdfhilstz 13=0:CILSbcdfhilstz 15=0:CILSbcdfhilstz 19=0:CILSbcdfhilstz 21=0:CEGILSbcdefghilstz 23=0:CEGILSbcdefghilstz 24=0:CEGILSbcdefghilstz 25=0:CEGILSbcdefghilstz
Shrink 9=0:CILScdfhils|*0:CILScdfhils
Sigmoid 1! 6=0:df~h 13=0:df~h
Sign 9=0:CILScdfhils 13=0:CILSbcdfhils
SimplifiedLayerNormalization 1=0:f~h,1:f~h,>1:f|0:d,1:d,>1:f|0:h,1:h,>1:f|0:b,1:b,>1:f
Sin 7=0:df~h 22=0:df~h
Sinh 9=0:f~h 22=0:f~h
Size 1=0:CILScdfilstz~h 13=0:CILScdfilstz~h 19=0:CILScdfilstz~h 21=0:CILScdfilstz~h 23=0:CILScdfilstz~h 24=0:CILScdfilstz~h 25=0:CILScdfilstz~h
Slice 1=0:CILScdfhilstz 10=0:CILScdfhilstz,1:il 11=0:CILScdfhilstz,1:il 13=0:CILSbcdfhilstz,1:il
Softmax 1=0:df~h 11=0:df~h 13=0:df~h|*0:dfh
SoftmaxCrossEntropyLoss 12=*0:f,1:il 13=*0:f,1:il
Softplus 1=0:f~h|*0:f 22=0:f~h|*0:fh
Softsign 1=0:f~h|*0:f 22=0:f~h|*0:fh
SpaceToDepth 1=0:Ccdf~h 13=0:Ccdf~h
Split 1! 2=0:CILScdfhilstz 11=0:CILScdfhilstz 13=0:CILSbcdfhilstz,1:l 18=0:CILSbcdfhilstz,1:l
SplitToSequence 11=0:dfhiltz,1:il 24=0:dfhiltz,1:il
Sqrt 1! 6=0:df~h 13=0:df~h
Squeeze 1=0:CILScdfhilstz 11=0:CILScdfhilstz 13=0:CILSbcdfhilstz,1:l 21=0:CILSbcdfhilstz,1:l 23=0:CILSbcdfhilstz,1:l 24=0:CILSbcdfhilstz,1:l 25=0:CILSbcdfhilstz,1:l
StringConcat 20=0:t
StringNormalizer 10=0:t
StringSplit 20=0:t
Sub 1! 6! 7=0:ILdfil~h 13=0:ILdfil~h 14=0:CILScdfils~h
Sum 1! 6=0:df~h 8=0:df~h 13=0:df~h
Swish 24=*0:dfh
Tan 7=0:f~h 22=0:f~h
Tanh 1! 6=0:df~h 13=0:df~h
TensorScatter 24=0:CILSbcdfhilsz,2:l
TfIdfVectorizer 9=0:ilt
ThresholdedRelu 1=0:f~h 10=0:f~h|*0:fh 22=0:f~h|*0:fh
Tile 1! 6=0:CILScdfilstz~h,1:l 13=0:CILScdfilstz~h,1:l
TopK 1=0:df~h 10=0:df~h,1:l 11=0:Ccdfils~h,1:l 24=0:Ccdfils~h,1:l
Transpose 1=0:CILScdfhilstz 13=0:CILSbcdfhilstz 21=0:CEGILNSbcdefghilnstz 23=0:CEGILNSbcdefghilnstz 24=0:CEGILNSbcdefghilnstz 25=0:CEGILMNSbcdefghilmnstz
Trilu 14=0:dfilz~h,1:l
Unique 11=0:cdflt~h
Unsqueeze 1=0:CILScdfhilstz 11=0:CILScdfhilstz 13=0:CILSbcdfhilstz,1:l 21=0:CILSbcdfhilstz,1:l 23=0:CILSbcdfhilstz,1:l 24=0:CILSbcdfhilstz,1:l 25=0:CILSbcdfhilstz,1:l
Upsample 1! 7=0:Ccfi~h 9=0:Ccfi~h,1:f 10!
Where 9=0:z,1:Cdfilt~h 16=0:z,1:Cdfilt~h
Xor 1! 7=0:z
[com.microsoft]
Attention 1=0:f~h,3:i
AttnLSTM 1=0:df,4:i
BeamSearch 1=0:fhi,1:i,5:f~h,7:i
BiasAdd 1!
BiasDropout 1!
BiasGelu 1=0:f~h
BiasSoftmax 1!
BiasSplitGelu 1!
BifurcationDetector 1=0:l
BitmaskBiasDropout 1!
BitmaskDropout 1!
CDist 1=0:df
CausalConvWithState 1=0:f~h
ComplexMul 1!
ComplexMulConj 1!
ConvTransposeWithDynamicPads 1=0:f~h,2:l
CropAndResize 1=0:f~h,2:i
DecoderAttention 1!
DecoderMaskedMultiHeadAttention 1=0:f~h,3:i,>3:fh
DecoderMaskedSelfAttention 1!
DequantizeBFP 1!
DequantizeLinear 1=0:CNScins,1:f~h
DequantizeWithOrder 1!
DynamicQuantizeLSTM 1=0:f,1:Cc,4:i
DynamicQuantizeMatMul 1=0:f,1:Cc
DynamicTimeWarping 1=0:f
EPContext 1!
EmbedLayerNormalization 1=0:i,2:f~h
EngramGate 1=0:fh
ExpandDims 1=0:CILScdfhilstz,1:i
FastGelu 1=0:f~h
FusedConv 1=0:f~h
FusedGemm 1=0:f~h
FusedMatMul 1=0:df~h
FusedMatMulActivation 1!
GatedAdd 1=0:fh
GatedDeltaNet 1!
GatedRMSNorm 1=0:fh
GatedRelativePositionBias 1!
GatherBlockQuantized 1=0:C,1:il,2:fh|0:N,1:il,2:fh|0:n,1:il,2:fh
GatherND 1=0:CILScdfhilstz,1:il
Gelu 1=0:f~h
GemmFastGelu 1!
GemmFloat8 1!
GemmaRotaryEmbedding 1!
GreedySearch 1=0:i,3:f
GridSample 1=0:f~h,>0:f~h
GroupNorm 1!
GroupQueryAttention 1=0:f~h,12:f,3:Ccf~h,5:i,9:l|0:h,12:f,3:Cch,5:i,9:l
Inverse 1=0:dfh
Irfft 1!
IsAllFinite 1!
LinearAttention 1=0:f~h,3:bfh
LinearAttentionGate 1=0:fh,1:f
LongformerAttention 1!
MRotaryEmbedding 1=0:fh,1:l
MatMulBlockQuantizedFp4Weight 1!
MatMulBlockQuantizedFp8Weight 1!
MatMulBnb4 1=0:f~h,1:C
MatMulFpQ4 1=0:f,1:C,2:l
MatMulInteger16 1=0:s,1:s,>0:i
MatMulIntegerToFloat 1=0:C,1:Cc,2:f~h|0:c,1:c,2:f~h
MatMulNBits 1=0:f~h,1:C,3:Cf~h,4:i|0:h,1:C,3:Ch,4:i
MatMulNBitsMlp 1!
MatMulNBitsQkv 1!
MaxpoolWithMask 1=0:f,1:i
MoE 1=0:f~h
MulInteger 1!
MultiHeadAttention 1=0:f~h,4:i,>3:bfh
MurmurHash3 1=0:ILdfilt,>0:Ii
NGramHashMapping 1=0:il
NGramRepeatBlock 1=0:l,1:f
NhwcConv 1!
NhwcFusedConv 1!
NhwcMaxPool 1=0:Cc
PackedAttention 1!
PackedMultiHeadAttention 1!
Pad 1=0:f~h,1:l
PagedAttention 1!
QAttention 1=0:C,1:Cc,2:f~h,5:i
QEmbedLayerNormalization 1=0:i,2:Cc,8:f
QGemm 1=0:c,1:f,3:c,6:i,8:c,>0:cf|0:C,1:f,3:Cc,6:i,8:C,>0:Cf
QLinearAdd 1=0:Cc,1:f
QLinearAveragePool 1=0:Cc,1:f
QLinearConcat 1=0:f,1:Cc,2:Ccf
QLinearConv 1=0:C,1:f,3:Cc,7:C,8:i|0:c,1:f,3:c,7:c,8:i
QLinearGlobalAveragePool 1=0:Cc,1:f
QLinearLeakyRelu 1=0:Cc,1:f
QLinearMul 1=0:Cc,1:f
QLinearReduceMean 1!
QLinearSigmoid 1=0:Cc,1:f
QLinearSoftmax 1=0:Cc,1:f
QLinearWhere 1=0:z,1:Cc,2:f
QMoE 1=0:h,15:f,2:C,3:h|0:f~h,15:f,2:C,3:f~h
QOrderedAttention 1!
QOrderedGelu 1!
QOrderedLayerNormalization 1!
QOrderedLongformerAttention 1!
QOrderedMatMul 1!
QuantizeBFP 1!
QuantizeLinear 1=0:f~h,2:CNScns
QuantizeWithOrder 1!
QuickGelu 1=0:f~h
Range 1=0:dfils
ReduceSumInteger 1!
RelativePositionBias 1!
RemovePadding 1!
RestorePadding 1!
Rfft 1!
RotaryEmbedding 1=0:fh,1:l
SampleOp 1=0:f~h
Sampling 1=0:i,3:f
SkipGroupNorm 1!
SkipLayerNormalization 1=0:bfh
SkipSimplifiedLayerNormalization 1=0:bfh
Snpe 1!
SparseAttention 1=0:fh,5:i
SparseToDenseMatMul 1=1:ILdfil
Tokenizer 1=0:t
TorchEmbedding 1!
TransposeMatMul 1=0:f~h
Trilu 1=0:dfl~h,1:l
UnfoldTensor 1=0:CILSbcdfhilstz
Unique 1=0:f~h
VarlenCausalConvWithState 1!
WhisperBeamSearch 1=0:fhi,1:i,5:f~h,7:i
WordConvEmbedding 1=0:i,1:f
[com.microsoft.nchwc]
AveragePool 1=0:f
Conv 1=0:f
GlobalAveragePool 1=0:f
GlobalMaxPool 1=0:f
MaxPool 1=0:f
ReorderInput 1=0:f
ReorderOutput 1=0:f
Upsample 1=0:f
[ai.onnx.ml]
ArrayFeatureExtractor 1=0:dfilt,1:l
Binarizer 1=0:f
CastMap 1=>0:flt
CategoryMapper 1=0:lt,>0:lt
DictVectorizer 1=>0:dflt
FeatureVectorizer 1=0:dfil
Imputer 1=0:fl
LabelEncoder 1=0:lt,>0:lt 2=0:f,>0:flt|0:lt,>0:f|0:l,>0:lt|0:t,>0:lt 4=0:f,>0:flt|0:lt,>0:f|0:l,>0:dlt|0:t,>0:dlst|0:d,>0:dlt
LinearClassifier 1=0:dfil,>0:lt
LinearRegressor 1=0:f
Normalizer 1=0:dfil
OneHotEncoder 1=0:dflt
SVMClassifier 1=0:dfil,>0:lt
SVMRegressor 1=0:f
Scaler 1=0:dfil
TreeEnsemble 5=0:df~h
TreeEnsembleClassifier 1=0:dfil,>0:lt 3=0:dfil,>0:lt 5!
TreeEnsembleRegressor 1=0:df 3=0:df 5!
ZipMap 1=0:f
`;
