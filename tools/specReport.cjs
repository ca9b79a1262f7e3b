const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

/** Mocha's own list of tests, and their counts in the file that the option `report` names. */
module.exports = class SpecReport extends reporters.Spec {
  /**
   * @param {number} failures
   * @param {(failures: number) => void} [end]
   */
  done(failures, end) {
    const { passes, pending, duration } = this.stats;
    const { report } = this.options.reporterOptions;
    writeFileSync(report, JSON.stringify({ stats: { passes, failures, pending, duration } }));
    end?.(failures);
  }
};
