import './style.css';
import { onMessage, post } from './host';
import { Panel } from './panel';

const root = document.getElementById('root');
if (root) {
  const panel = new Panel(root);
  onMessage((message) => panel.accept(message));
  post({ kind: 'ready' });
}
