import { engineWord } from '../protocol/processPort';
import { runCommandLine } from './cli';
import { serveHost } from './engineProcess';
import { unlessGraphicsTrial } from './graphics';

/*
 * One program with two mains, since they share nearly all that they are made of: forked by the extension host with a word of
 * its own it is the engine process, else the command line.
 */
const words = process.argv.slice(2);
const isForked = words[0] === engineWord && process.send !== undefined;
unlessGraphicsTrial(words, isForked ? serveHost : runCommandLine);
