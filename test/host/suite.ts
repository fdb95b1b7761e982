import './activation';
import './reading';
import './fixes';
import './runs';
import './settings';
import './documentation';
import './walkthrough';
