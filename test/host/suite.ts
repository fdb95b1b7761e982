import './activation';
import './reading';
import './fixes';
import './notebooks';
import './runs';
import './settings';
import './documentation';
import './walkthrough';
