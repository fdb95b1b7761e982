import { FileLook, type LookPlaces } from '../data/look';
import type { TableLook } from '../records/tableLook';

/** A look at the project's small tables, for reading: a bundle of its own (`dist/tables.js`), beside the one that reads. */
export const openTables = (places: () => LookPlaces): TableLook => new FileLook(places);
