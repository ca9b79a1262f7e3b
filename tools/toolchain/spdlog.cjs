'use strict';
// Stands in for @vscode/spdlog, a native module that would have to be compiled. Without it, VS Code
// writes no log at all, and an extension's log channel stays empty. See index.d.ts of that package.
const { appendFileSync, mkdirSync } = require('node:fs');
const path = require('node:path');

const names = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];
const off = names.length;

class Logger {
  #file;
  #level = names.indexOf('info');
  #formatted = true;

  constructor(_kind, _name, file) {
    mkdirSync(path.dirname(file), { recursive: true });
    this.#file = file;
  }

  trace(message) {
    this.#write(0, message);
  }

  debug(message) {
    this.#write(1, message);
  }

  info(message) {
    this.#write(2, message);
  }

  warn(message) {
    this.#write(3, message);
  }

  error(message) {
    this.#write(4, message);
  }

  critical(message) {
    this.#write(5, message);
  }

  getLevel() {
    return this.#level;
  }

  setLevel(level) {
    this.#level = level;
  }

  // VS Code uses one pattern, "%Y-%m-%d %H:%M:%S.%e [%l] %v", or none.
  setPattern() {
    this.#formatted = true;
  }

  clearFormatters() {
    this.#formatted = false;
  }

  flush() {}

  drop() {
    this.#level = off;
  }

  #write(level, message) {
    if (level < this.#level) return;
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
    appendFileSync(
      this.#file,
      this.#formatted ? `${time} [${names[level]}] ${message}\n` : message,
    );
  }
}

const create = async (name, file) => new Logger('', name, file);

exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
exports.Logger = Logger;
