import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../src/records/experiment';
import { projectOnDisk, workspaceOf } from '../../src/service/scripts';
import { readScript } from '../../src/source/read';
import { parser } from './reading';

const bed = resolve('test/source/bed/keras');

/** Scripts of which something is not read, with the first reason of each unit that is not whole. */
const inPart: Readonly<Record<string, readonly string[]>> = {
  'fifth_05_apps_resnet_cifar.py': [
    "The pretrained weights of Keras's ResNet50 are not at hand, so that it is not run. What is said comes from the text and the data",
  ],
  'fifth_09_imdb_textvec.py': ['`tensorflow.keras.utils.text_dataset_from_directory` is not known to this reader'],
  'fifth_15_warmup_cosine_own.py': ['The rates of this schedule could not be followed'],
  'fifth_19_class_weight_fraud.py': ['This initialisation is not read'],
  'fifth_27_gan_train_on_batch.py': [
    'This model takes steps on different batches in turn, which is not read',
    'This model takes steps on different batches in turn, which is not read',
  ],
  'seventh_07_jena_timeseries.py': ['The value of `end_index` could not be read'],
  'seventh_08_stock_lstm_minmax.py': ['`stateful` is not followed'],
  'seventh_11_efficientnet_transfer.py': [
    "The pretrained weights of Keras's EfficientNetB0 are not at hand, so that it is not run. What is said comes from the text and the data",
  ],
  'seventh_14_coursera_sunspots.py': ['How many entries the loop adds here could not be read'],
  'seventh_16_harcnn_time_distributed.py': ['Whether these are tables or have three axes is not known here'],
  'seventh_17_fraud_class_weight.py': ['These class weights could not be read'],
  'seventh_20_energy_multivariate_lstm.py': ['What is dropped here could not be read'],
  'sixth_03_vgg_feature_extract.py': [
    "The pretrained weights of Keras's VGG16 are not at hand, so that it is not run. What is said comes from the text and the data",
  ],
  'sixth_09_dqn_cartpole.py': ['The data of this call could not be read'],
  'sixth_11_char_rnn_nietzsche.py': ['This change of the data could not be read'],
  'first_s06_logreg.py': [
    'LogisticRegression is solved by lbfgs, which searches its own steps: there is no learning rate to follow. What is said comes from the data and from the form of the loss',
  ],
  'first_s12_ridge.py': [
    'LinearRegression is solved at once, without steps and without a learning rate. What is said comes from the data and from the form of the loss',
    'Ridge is solved at once, without steps and without a learning rate. What is said comes from the data and from the form of the loss',
  ],
  'fourth_15_transfer_mobilenet.py': [
    "The pretrained weights of Keras's MobileNetV2 are not at hand, so that it is not run. What is said comes from the text and the data",
  ],

  'third_12_transfer_vgg.py': [
    "The pretrained weights of Keras's VGG16 are not at hand, so that it is not run. What is said comes from the text and the data",
  ],
  'third_26_train_on_batch_gan.py': [
    'This model takes steps on different batches in turn, which is not read',
    'This model takes steps on different batches in turn, which is not read',
  ],
  'third_31_column_transformer.py': [
    'LogisticRegression is solved by lbfgs, which searches its own steps: there is no learning rate to follow. What is said comes from the data and from the form of the loss',
  ],
  'third_32_partial_fit.py': [
    'Ridge is solved at once, without steps and without a learning rate. What is said comes from the data and from the form of the loss',
  ],
};

const isWhole = ({ model, optimizer, train, loop, unread }: Experiment): boolean =>
  model?.loss !== null && model !== null && optimizer !== null && train !== null && loop !== null && unread.length === 0;

describe('Keras and scikit-learn in published shapes', () => {
  it.each(readdirSync(bed).sort())('%s is read whole, or says why not', (name) => {
    const path = join(bed, name);
    const { experiments } = readScript(
      parser,
      path,
      readFileSync(path, 'utf8'),
      projectOnDisk(workspaceOf(path, resolve('.')), {}),
    );
    const reasons = experiments.filter((experiment) => !isWhole(experiment)).map(({ unread }) => unread[0]?.text);
    expect(experiments.length).toBeGreaterThan(0);
    expect(reasons).toEqual(inPart[name] ?? []);
  });
});
