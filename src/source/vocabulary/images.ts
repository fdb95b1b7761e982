import type { Dataset } from '../values/dataValues';
import { unknown } from '../values/value';
import type { FunctionTable, MethodTable } from './functionTable';

/** torchvision's data sets and transforms. */
export const imageTable: FunctionTable = {};

/** Methods of datasets. */
export const datasetMethods: MethodTable<Dataset> = { __len__: () => unknown };
