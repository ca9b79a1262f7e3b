import { suite, suiteSetup, test } from 'mocha';
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { programs } from '../../support/programs';
import { root } from '../../support/root';
import { temporaryFolder } from '../../support/temporary';

const LIBRARIES = path.join(root, 'node_modules/onnxruntime-node/bin');

/** What a source's path in a library says of where it is from: `vcpkg/buildtrees/NAME`, `_deps/NAME-src`. */
const ORIGIN = /(?:vcpkg[\\/]buildtrees|_deps)[\\/]([A-Za-z0-9_]+)/g;

/** The heading of each origin in the notices. */
const HEADINGS: Record<string, string> = {
  abseil: 'abseil-cpp',
  abseil_cpp: 'abseil-cpp',
  dawn: 'dawn',
  mbedtls: 'Mbed TLS',
  microsoft_wil: 'microsoft/wil',
  onnx: 'onnx',
  protobuf: 'protocolbuffers/protobuf',
  re2: 'google/re2',
};

/** What only its own code holds, and the heading of it in the notices. */
const MARKS: [mark: string, heading: string][] = [
  ['libcurl', 'curl/curl'],
  ['SQLite format 3', 'SQLite Is Public Domain'],
  [
    'EventsSDK',
    'microsoft/cpp_client_telemetry, https://github.com/microsoft/cpp_client_telemetry/',
  ],
  ['nlohmann', 'nlohmann/json'],
  ['flatbuffers::', 'google/flatbuffers'],
  ['Eigen::', 'Eigen'],
  ['SafeInt', 'dcleblanc/SafeInt'],
  ['cpuinfo', 'pytorch/cpuinfo'],
  ['KleidiAI', 'KleidiAI'],
];

/** Libraries beside those of ONNX Runtime itself. */
const COMPANIONS = /^(DirectML|dxcompiler|dxil)\.dll$/;

suite('notices', () => {
  let dist: string;
  let text: string;
  let lines: Set<string>;

  suiteSetup(async () => {
    dist = path.join(await programs(), 'dist');
    text = readFileSync(path.join(dist, 'notices.txt'), 'utf8');
    lines = new Set(text.split('\n'));
  });

  test('have the licence of every package that the bundles were made of', () => {
    const found = new Set<string>();
    for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith('.js.map')) {
        const { sources } = JSON.parse(readFileSync(path.join(dist, name), 'utf8')) as {
          sources: string[];
        };
        for (const source of sources) {
          const [folder] = /node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(source) ?? [];
          if (folder !== undefined) found.add(folder);
        }
      }
    }
    // One in the engine and one in the panel, so that it is known that both were looked at.
    assert.ok(
      found.has('node_modules/valibot') && found.has('node_modules/@microsoft/fast-element'),
    );
    for (const folder of [
      ...found,
      'node_modules/onnxruntime-node',
      'node_modules/onnxruntime-common',
    ]) {
      const { name, version, license } = JSON.parse(
        readFileSync(path.join(root, folder, 'package.json'), 'utf8'),
      ) as Record<string, string>;
      const heading = `${name} ${version} (${license})\n`;
      assert.ok(text.includes(heading), heading);
      const [licence = ''] = text
        .slice(text.indexOf(heading) + heading.length)
        .split('-'.repeat(72));
      assert.match(licence, /copyright/i, heading);
      assert.match(licence, /permission|terms and conditions/i, heading);
    }
  });

  test('a package without a licence stops the build', async () => {
    const base = temporaryFolder();
    const folder = path.join(base, 'node_modules/bare');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), '{"name":"bare","version":"1.0.0"}');
    const script = pathToFileURL(path.join(root, 'tools/notices.mjs')).href;
    const { notices } = (await import(script)) as {
      notices(sources: string[], base: string): string;
    };
    assert.throws(
      () => notices(['node_modules/bare/index.js'], base),
      /bare is bundled, and brings no/,
    );
  });

  test('have what is linked into the native libraries of every platform', () => {
    const files = readdirSync(LIBRARIES, { recursive: true, encoding: 'utf8' })
      .map((name) => path.join(LIBRARIES, name))
      .filter((file) => statSync(file).isFile());
    assert.ok(files.some((file) => file.includes('linux')) && files.length > 8);
    const missed = new Set(MARKS.map(([mark]) => mark));
    for (const file of files) {
      const name = path.basename(file);
      if (COMPANIONS.test(name)) {
        assert.ok(text.includes(name), `no notice is known for ${name}`);
        continue;
      }
      assert.match(name, /onnxruntime/, `no notice is known for ${name}`);
      const bytes = readFileSync(file);
      const origins = new Set(
        Array.from(bytes.toString('latin1').matchAll(ORIGIN), ([, one]) => one),
      );
      for (const origin of origins) {
        const heading = HEADINGS[origin ?? ''];
        assert.ok(heading !== undefined && lines.has(heading), `no notice is known for ${origin}`);
      }
      for (const [mark, heading] of MARKS) {
        if (bytes.includes(mark)) {
          missed.delete(mark);
          assert.ok(lines.has(heading), `no notice is known for ${heading}`);
        }
      }
    }
    assert.deepEqual([...missed], [], 'marks that nothing holds any more');
  });
});
