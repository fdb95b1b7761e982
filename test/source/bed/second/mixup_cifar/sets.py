from torch.utils.data import DataLoader
from torchvision import transforms as tf
from torchvision.datasets import CIFAR10


def cifar(root, bs):
    norm = tf.Normalize([0.49, 0.48, 0.45], [0.25, 0.24, 0.26])
    aug = tf.Compose([tf.RandomCrop(32, padding=4, padding_mode='reflect'), tf.RandomHorizontalFlip(), tf.ToTensor(), norm])
    plain = tf.Compose([tf.ToTensor(), norm])
    return (DataLoader(CIFAR10(root, True, aug, download=True), bs, True, drop_last=True),
            DataLoader(CIFAR10(root, False, plain), 500))
