import type { CheckProgress, FindingPlace, FindingSeverity } from './modelCheck';
import type { ModelCost } from './modelCost';
import type { DiffProgress, ModelDiff } from './modelDiff';
import type { ModelProfile, ProfileProgress } from './modelProfile';
import type { ModelStack } from './modelStack';
import type { ModuleGraph, NodeDetail } from './moduleGraph';
import type { Remote } from './rpc';
import type {
  StoredTensor,
  TensorId,
  TensorProgress,
  TensorStatistics,
  TensorTile,
  TensorWindow,
} from './tensorListing';

/** Everything the inspector shows at first, in translated words; further parts it asks for. */
export type InspectorState =
  | { kind: 'reading' }
  | { kind: 'failed'; message: string }
  /** A folder whose files nothing says to be of one model. */
  | { kind: 'several'; models: ModelFile[]; unread: UnreadPart[] }
  | { kind: 'model'; model: InspectedModel }
  /** Weights without a graph. */
  | { kind: 'weights'; weights: InspectedWeights };

/** A model file that can be opened by itself. */
export interface ModelFile {
  /** Absolute path. */
  file: string;
  name: string;
  /** Size and parameters, as a line. */
  description: string;
}

/** A file that cannot be read, and why. */
export interface UnreadPart {
  name: string;
  message: string;
}

/** What is known of files of any kind. */
export interface InspectedWeights {
  /** Counts the readings of the file: what was asked about another one is out of date. */
  reading: number;
  name: string;
  /** Names of its files, relative to the folder. */
  files: string[];
  /** Facts that belong together stand in one group. */
  facts: Fact[][];
  /** Parameters by the type of their elements, as shares of 1, the largest first. */
  dtypes: { dtype: string; share: number }[];
  /** Whether its makers say something of it in a document that can be opened. */
  hasCard: boolean;
  /** What somebody asked to compare it with. */
  compare?: RequestedComparison;
}

/** A model that another one can be compared with. */
export interface Counterpart {
  id: string;
  name: string;
  /** Its size, where it lies, or which commit it is of; may be empty. */
  description: string;
}

export interface RequestedComparison {
  counterpart: Counterpart;
  /** Counts the requests. */
  request: number;
}

/** How two models differ, with what is to be said of it in translated words. */
export interface ShownDiff {
  diff: ModelDiff;
  /** Whole sentences; what stands between `**` is the point of them. */
  lead: string[];
  /** Of each pair of graphs, in their order. */
  graphs: { replaced: string[]; unchanged: string[] }[];
}

/** Where the time of a model goes, with what is to be said of it in translated words. */
export interface ShownProfile {
  profile: ModelProfile;
  /** Of each pass, in their order: what it does, and whole sentences of it. */
  passes: { title: string; lead: string[] }[];
}

/** What is compared: A is the model that is inspected, B its counterpart, unless they are swapped. */
export interface DiffRequest {
  /** Id of one that was offered or chosen. */
  counterpart: string;
  isSwapped: boolean;
  /** What both are to read; a sentence of ours when absent. */
  text?: string;
}

/** A model at a glance. */
export interface InspectedModel extends InspectedWeights {
  /** Whole sentences; what stands between `**` is the point of them. */
  lead: string[];
  /** Files beside its graphs that cannot be read. */
  unread: UnreadPart[];
  /** Weights once the bundled runtime has loaded them. Unit: bytes. */
  memory: number;
}

/** A line of the table of facts. */
export interface Fact {
  label: string;
  value: string;
  /** What goes with it and matters less. */
  aside?: string;
  /** What stands below it. */
  below?: 'dtypes' | 'card';
  /** Whether it keeps the model from running. */
  isProblem?: boolean;
}

/** Names a tensor of the model that is inspected. */
export type TensorName = Omit<TensorId, 'path'>;

/** What the inspector may ask of its host. */
export interface InspectorHost {
  /** Called once the view can take messages; answers what to show. */
  ready(): InspectorState;
  /** Reads the model again. */
  again(): void;
  /** Every tensor of its files. */
  tensors(): StoredTensor[];
  tensorStatistics(params: TensorName): TensorStatistics;
  /** A stretch of a tensor scaled down to so many cells at most. */
  tensorTile(
    params: TensorName & { window: TensorWindow; rows: number; columns: number },
  ): TensorTile;
  /** Puts a tensor on the clipboard as NumPy prints arrays; of a large one the ends of each side. */
  copyTensor(params: TensorName): void;
  /** Asks for a file, and writes a tensor into it. */
  saveTensor(params: TensorName): void;
  /** Opens one of several models. */
  openModel(params: { file: string }): void;
  /** Opens what the makers of the model say of it. */
  openCard(): void;
  /** How its stacks are built, the encoder first; none of a model that is no Transformer. */
  stack(): ModelStack[];
  /** Its graphs by the modules of their nodes, in the order in which they run. */
  graphs(): ModuleGraph[];
  /** What a node of one of them is: `node` is its index there. */
  nodeDetail(params: { file: string; node: number }): NodeDetail;
  /** What it takes to run; undefined of what is no graph. */
  cost(): ModelCost | undefined;
  /** What whoever ships it should know. Long: reads all weights. */
  check(): ShownReport;
  /** What lies near and may be another form of the model: its last commit first. */
  counterparts(): Counterpart[];
  /** Asks for another one; undefined where none was chosen. */
  chooseCounterpart(): Counterpart | undefined;
  /** What is selected in a text editor that can be seen. */
  selectedText(): string | undefined;
  /** Compares the model with another one. Long: reads all weights, and runs both. */
  diff(params: DiffRequest): ShownDiff;
  /** Where the time goes when the model reads a text, one of ours when absent. Long: runs the model. */
  profile(params: { text?: string }): ShownProfile;
  /** Puts what was compared last on the clipboard, as Markdown. */
  copyDiff(): void;
  /** Puts what the overview says on the clipboard, as Markdown. */
  copyMarkdown(): void;
  /**
   * Asks for a file, and writes a page into it that can be opened anywhere.
   * @returns whether there was one.
   */
  exportReport(params: PageReport): boolean;
}

/** A page of the inspector as it is. */
export interface PageReport {
  /** What is in it, without scripts and what is pressed. */
  html: string;
  /** Width that its drawings were made for, in CSS pixels. */
  width: number;
  /** Classes that tell the kind of theme: `vscode-dark`. */
  themeClasses: string[];
  /** Values of the theme by their CSS variables: `--vscode-foreground`. */
  variables: Record<string, string>;
}

/** What its calls report while they go on. */
export interface InspectorProgress {
  check: CheckProgress;
  diff: DiffProgress;
  profile: ProfileProgress;
  tensorStatistics: TensorProgress;
  tensorTile: TensorProgress;
  saveTensor: TensorProgress;
}

/** What the check found, in translated words. */
export interface ShownReport {
  findings: ShownFinding[];
  /** Findings of a rule beyond those that are told. */
  more: { rule: string; count: number }[];
  /** Rules that found nothing. */
  passed: string[];
  /** Rules that could not be asked, and why. */
  skipped: { rule: string; reason: string }[];
}

export interface ShownFinding {
  rule: string;
  severity: FindingSeverity;
  message: string;
  remedy: string;
  /** Names of the file and of the tensor or node. */
  where: string[];
  /** The same, where it can be shown. */
  place?: FindingPlace;
}

/** What the host tells the inspector unasked. */
export interface InspectorView {
  show(state: InspectorState): void;
}

/** The inspector's host as its view calls it. */
export type RemoteInspector = Remote<InspectorHost, InspectorProgress>;
