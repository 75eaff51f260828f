import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest, on two cores, the longest first. It only decides the order: one that is missing here runs all the same. */
const LONGEST = [
  'scripts/new-feature.e2e',
  'chaos/provisioning.e2e',
  'chaos/bundles.e2e',
  'drill/',
  'conformance/openapi.e2e',
  'isolation/permission-table.e2e',
  'chaos/',
  '/bench/',
  'features/fleet/fleet.e2e',
  'fuzz/',
  'postgres-launcher/',
  'test/cli/',
  'test/migrations/',
];

const placeOf = ({ moduleId }: TestSpecification): number => {
  const place = LONGEST.findIndex((part) => moduleId.includes(part));
  return moduleId.includes('.e2e.test.ts') && place >= 0 ? place : LONGEST.length;
};

/**
 * Begins with the longest files, so that no worker is left with one while the other has nothing to do. A clone has no times of
 * an earlier run; Vitest goes by size then, and the files that start whole systems are among the smallest.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- the one above, which is no array's
    return (await super.sort(files)).toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}
