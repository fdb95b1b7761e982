from torch.utils.data import DataLoader
from torchvision import datasets
from torchvision import transforms as T

MEAN = (0.4914, 0.4822, 0.4465)
STD = (0.247, 0.243, 0.261)


def get_loaders(args):
    train_tf = T.Compose([T.RandomCrop(32, padding=4), T.RandomHorizontalFlip(), T.ToTensor(), T.Normalize(MEAN, STD)])
    test_tf = T.Compose([T.ToTensor(), T.Normalize(MEAN, STD)])
    train = datasets.CIFAR10(args.data_path, train=True, transform=train_tf, download=True)
    test = datasets.CIFAR10(args.data_path, train=False, transform=test_tf, download=True)
    return (DataLoader(train, batch_size=args.batch_size, shuffle=True, num_workers=4, pin_memory=True),
            DataLoader(test, batch_size=256, shuffle=False, num_workers=4))
